// Whether the hub is there, as its presence says; a last will can fail, so a silent hub counts as lost.

const SILENT_MS = 45_000; // four of its heartbeats

export class HubWatch {
  constructor() {
    this.forget();
  }

  get isThere() {
    return this.state === "online";
  }

  /** The connection is lost: nothing is known of the hub. */
  forget() {
    this.state = "unknown";
    this.since = this.heardAt = null;
  }

  /** Take in the hub's presence. Returns whether the hub is back. */
  hear(status, now) {
    if (!["online", "offline"].includes(status?.state)) return false;
    const before = this.state;
    this.heardAt = now;
    if (status.state === before) return false;
    // A last will carries the time when the hub connected, so we only know of a loss that we saw.
    this.since = before === "online" ? now : null;
    this.state = status.state;
    return before === "offline";
  }

  /** Call often. */
  watch(now) {
    if (!this.isThere || now - this.heardAt < SILENT_MS) return;
    this.state = "offline";
    this.since = this.heardAt;
  }
}
