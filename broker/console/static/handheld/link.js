// The connection to the MQTT server (MQTT 3.1.1 over WebSocket). Only this module uses mqtt.js.

import { clockAheadS, moment } from "./clock.js";
import { every, mqttTimers, stop } from "./timers.js";

const PRESENCE_EVERY_MS = 10_000;
const PRESENCE_AGAIN_MS = 1_500;
const RECONNECT_AFTER_MS = 1_500;
const BAD_PASSWORD = [4, 5]; // CONNACK return codes of MQTT 3.1.1
const MOMENTS = ["alert", "closed", "answer", "receipt"]; // kinds that are ignored if retained

/** `on` has up(), down(), refused() and message(kind, object).
 *
 * A handheld sends its presence and receives its alerts. The console only sends. */
export class Link {
  constructor(account, deviceId, on, isPresent = true) {
    this.account = account;
    this.deviceId = deviceId;
    this.on = on;
    this.isPresent = isPresent;
    this.root = `yingbin/v1/${account.site}`;
    this.kinds = this.topics();
    this.underWay = new Set(); // packets that the server has not confirmed
    this.roundTripMs = null;
    this.problem = null;
    this.battery = null;
    this.waiting = 0; // what this phone has not sent yet
    this.isOver = false;
    this.hears = false; // once the server has taken our subscriptions
    this.beat = every(PRESENCE_EVERY_MS, () => this.sendPresence());
  }

  get isUp() {
    return Boolean(this.client?.connected) && !this.isOver;
  }

  open() {
    const { username, password, ws_port: port, client_id: clientId } = this.account;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.client = window.mqtt.connect(`${scheme}://${location.hostname}:${port}/mqtt`, {
      protocolVersion: 4,
      clean: true,
      keepalive: 10,
      clientId,
      username,
      password,
      reconnectPeriod: RECONNECT_AFTER_MS,
      connectTimeout: 5_000,
      resubscribe: false,
      queueQoSZero: false,
      timerVariant: mqttTimers,
      will: this.isPresent ? this.lastWill() : undefined,
    });
    const unlessOver = (action) => (...told) => this.isOver || action(...told);
    this.client.on("connect", unlessOver(() => this.greet()));
    this.client.on("close", () => this.forgetConnection());
    this.client.on("close", unlessOver(() => this.on.down()));
    this.client.on("message", unlessOver((topic, payload, packet) => this.take(topic, payload, packet)));
    this.client.on("error", unlessOver((error) => this.fail(error)));
  }

  lastWill() {
    return { topic: this.presenceTopic, payload: this.presence("offline"), qos: 1, retain: true };
  }

  /** Say that this device goes offline, and disconnect. */
  close() {
    stop(this.beat);
    if (this.isUp && this.isPresent) this.publish(this.presenceTopic, this.presence("offline"), true);
    return new Promise((done) => (this.client ? this.client.end(false, done) : done()));
  }

  /** Disconnect without a message, because another window or connection goes on. */
  dispose() {
    stop(this.beat);
    this.client?.end(!this.isUp);
    this.isOver = true;
  }

  /** Send now or never; whoever keeps it sends it again. Returns whether it was sent. */
  send(topic, message) {
    this.publish(`${this.root}/${topic}`, JSON.stringify({ ...message, sent_at: moment() }));
    return this.isUp;
  }

  sendPresence() {
    if (!this.isPresent) return;
    const sentAt = performance.now();
    this.publish(this.presenceTopic, this.presence("online"), true, (error) => {
      if (!error) this.roundTripMs = Math.round(performance.now() - sentAt);
    });
  }

  get presenceTopic() {
    return `${this.root}/staff/${this.account.staff_id}/presence`;
  }

  presence(state) {
    return JSON.stringify({
      node_id: this.account.staff_id,
      kind: "staff",
      state,
      at: moment(),
      connected_at: this.connectedAt ?? null,
      device_id: this.deviceId,
      problem: this.problem,
      waiting: this.waiting,
      battery: this.battery,
      round_trip_ms: this.roundTripMs,
      clock_ahead_s: clockAheadS(),
    });
  }

  topics() {
    const { staff_id: staffId, roles } = this.account;
    const answers = [[`${this.root}/staff/${staffId}/answer`, "answer"]];
    if (!this.isPresent) return new Map(answers);
    return new Map([
      ...answers,
      [`${this.root}/alert/staff/${staffId}`, "alert"],
      ...roles.map((role) => [`${this.root}/alert/role/${role}`, "alert"]),
      [`${this.root}/alert/closed`, "closed"],
      [`${this.root}/receipt/${staffId}`, "receipt"],
      [`${this.root}/hub/status`, "hub"],
    ]);
  }

  greet() {
    this.connectedAt = moment();
    this.roundTripMs = null;
    // Subscribe first, then send presence: the hub answers with every alert that is still open.
    this.client.subscribe([...this.kinds.keys()], { qos: 1 }, () => {
      if (!this.isUp) return;
      this.hears = true;
      this.sendPresence();
      // The last will of our former connection may arrive after this status.
      setTimeout(() => this.sendPresence(), PRESENCE_AGAIN_MS);
      this.on.up();
    });
  }

  take(topic, payload, packet) {
    const kind = this.kinds.get(topic); // a server may send topics that we did not ask for
    if (!kind || (packet.retain && MOMENTS.includes(kind))) return;
    try {
      this.on.message(kind, JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload)));
    } catch (error) {
      console.warn(`${topic}: not understood`, error);
    }
  }

  fail(error) {
    if (!BAD_PASSWORD.includes(error.code)) return; // a network error: mqtt.js tries again
    this.dispose();
    this.on.refused();
  }

  publish(topic, payload, retain = false, done = undefined) {
    if (!this.isUp) return;
    let packet = null;
    this.client.publish(topic, payload, { qos: 1, retain }, (error) => {
      this.underWay.delete(packet);
      done?.(error);
    });
    packet = this.client.getLastMessageId();
    this.underWay.add(packet);
  }

  /** mqtt.js would send what was under way again, with a `sent_at` by which the hub reckons wrong. */
  forgetConnection() {
    this.hears = false;
    [...this.underWay].forEach((packet) => this.client.removeOutgoingMessage(packet));
  }
}
