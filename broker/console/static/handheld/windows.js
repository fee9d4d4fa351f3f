// One window of a phone is on watch, the newest: it alone rings and sends. The others stop.

export class Windows {
  /** `on` has taken(), when a newer window takes over, and left(), when an older one has stopped. */
  constructor(on) {
    if (!window.BroadcastChannel) return;
    this.channel = new BroadcastChannel("yingbin.handheld");
    this.channel.onmessage = ({ data }) => (data === "here" ? on.taken() : on.left());
    this.channel.postMessage("here");
  }

  /** This window has stopped and keeps nothing back. */
  stopped() {
    this.channel.postMessage("stopped");
  }
}
