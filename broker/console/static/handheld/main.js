// Connects the parts of the handheld page.

import { accountInTheEnd, askAccount } from "./account.js";
import { Alerts } from "./alerts.js";
import { keepAwake, watchBattery } from "./awake.js";
import { Bell } from "./bell.js";
import { moment, now, setClock } from "./clock.js";
import { Desk } from "./desk.js";
import { part } from "./dom.js";
import { deviceId } from "./ids.js";
import { install } from "./installed.js";
import { Link } from "./link.js";
import { Panels } from "./panels.js";
import { Site } from "./site.js";
import { forget } from "./storage.js";
import { showTheme, switchTheme } from "./themes.js";
import { every } from "./timers.js";
import { drawConnection, View } from "./view.js";
import { say } from "./words.js";

const ACK_EVERY_MS = 3_000;
const CLOCKS_APART_MS = 15_000; // more than a heartbeat that was kept may be old
const SETTLE_AFTER_MS = 5_000; // so long the hub may take to send again what is still open
const WARN_OF_LOSS_AFTER_MS = 5_000;
const WARN_OF_LOSS_EVERY_MS = 60_000;
const HUB_SILENT_MS = 45_000; // four of its heartbeats

class Page {
  constructor(account) {
    this.me = { staffId: account.staff_id, roles: account.roles, deviceId: deviceId() };
    const keyPrefix = `yingbin.${account.site}.${account.staff_id}`;
    this.alerts = new Alerts(this.me, keyPrefix);
    this.bell = new Bell(account.roles);
    this.site = new Site(() => this.drawPanels());
    this.desk = new Desk(this.me, this.site, () => this.link, {
      answer: (id, answer) => this.answer(id, answer),
      putAway: (id) => this.change(() => this.alerts.putAway(id, now())),
    });
    this.view = new View(this.alerts, this.desk, () => this.draw());
    this.panels = new Panels(document.body.dataset.panels.split(" "), this.desk);
    this.hub = { state: "unknown", since: null, heardAt: null };
    this.isStarted = this.isElsewhere = false;
    this.lostAt = this.settleAt = null;
    this.warnedAt = 0;
    this.refusals = 0;
    this.connect(account);
  }

  connect(account) {
    this.link?.dispose();
    this.link = new Link(account, this.me.deviceId, {
      up: () => this.onUp(),
      down: () => this.onDown(),
      refused: () => this.onRefused(),
      message: (kind, message) => this.onMessage(kind, message),
    });
    this.link.problem = this.isStarted ? null : "sound_off";
    this.link.open();
  }

  run() {
    every(1_000, () => this.tick());
    every(ACK_EVERY_MS, () => this.sendAcks());
    const begin = part("start").querySelector("button");
    begin.addEventListener("click", () => this.start());
    begin.disabled = false; // a tap before now would have been lost
    part("looked").addEventListener("click", () => this.change(() => this.alerts.lookAtMissed()));
    part("missed-count").addEventListener("click", () => part("missed").scrollIntoView());
    part("theme").addEventListener("click", () => switchTheme());
    part("logout").addEventListener("submit", (event) => this.logOut(event));
    document.addEventListener("visibilitychange", () => this.tick());
    watchBattery((level) => (this.link.battery = level));
    this.takeOver();
    showTheme();
    this.draw();
    this.site.ask();
  }

  /** Only the newest window of a phone rings; the others stop. */
  takeOver() {
    if (!window.BroadcastChannel) return;
    const channel = new BroadcastChannel("yingbin.handheld");
    channel.onmessage = () => this.standDown();
    channel.postMessage("here");
  }

  standDown() {
    this.isElsewhere = true;
    this.link.dispose();
    this.bell.silence();
    part("start").querySelector("button").textContent = say("link.here");
    this.draw();
  }

  async start() {
    if (this.isElsewhere) {
      location.reload();
      return;
    }
    this.isStarted = true;
    this.link.problem = null;
    this.link.sendPresence();
    this.draw();
    await this.bell.unlock();
    this.bell.keepRinging(this.alertToRing(), now());
    const isKept = await keepAwake();
    part("hint").textContent = say("stage.keep_awake");
    part("hint").hidden = isKept;
  }

  answer(alertId, answer) {
    const ack = this.alerts.answer(alertId, answer, now());
    if (!ack) return;
    this.link.sendAck(ack);
    if (!this.isStarted) this.start();
    this.draw();
  }

  sendAcks() {
    if (this.link.isUp) this.alerts.unanswered(now()).forEach((ack) => this.link.sendAck(ack));
  }

  onUp() {
    this.refusals = 0;
    this.lostAt = null;
    this.settleAt = now() + SETTLE_AFTER_MS;
    this.sendAcks();
    this.askTime();
    this.draw();
  }

  onDown() {
    if (this.lostAt !== null || this.isElsewhere) return;
    this.lostAt = now();
    this.settleAt = null;
    this.hub = { state: "unknown", since: null, heardAt: null };
    this.alerts.doubt();
    this.draw();
  }

  /** The password may have changed: ask once for the new password, then for a new log-in. */
  async onRefused() {
    this.refusals += 1;
    if (this.refusals > 1) {
      location.assign("/login?why=refused");
      return;
    }
    this.connect(await accountInTheEnd());
  }

  onMessage(kind, message) {
    if (kind === "alert") this.onAlert(message);
    if (kind === "closed") this.alerts.close(message, now());
    if (kind === "hub") this.onHub(message);
    if (kind === "answer") this.desk.onAnswer(message);
    if (kind !== "hub") this.site.askSoon(); // a message may have changed what the panels show
    this.draw();
  }

  onAlert(alert) {
    const item = this.alerts.receive(alert, now());
    if (item?.state === "info") this.bell.ringOnce(alert);
    const ack = item && this.alerts.shownFirst(alert.alert_id, now());
    if (ack) this.link.sendAck(ack);
  }

  /** Count on from the hub's time, as it is now. */
  askTime() {
    askAccount().then((account) => setClock(account.server_time, account.zone), () => {});
  }

  onHub(status) {
    if (!["online", "offline"].includes(status?.state)) return;
    const isApart = Math.abs(Date.parse(status.at) - now()) > CLOCKS_APART_MS;
    if (status.state === "online" && isApart) this.askTime(); // somebody set a clock, ours or the hub's
    const before = this.hub.state;
    this.hub.heardAt = now();
    if (status.state === before) return;
    // A last will carries the time when the hub connected, so we only know of a loss that we saw.
    this.hub.since = before === "online" ? now() : null;
    this.hub.state = status.state;
    if (before === "offline") this.greetHub();
  }

  /** Greet a hub that is back as a new connection: it then sends what is still open. */
  greetHub() {
    this.link.connectedAt = moment();
    this.link.sendPresence();
    this.alerts.doubt();
    this.settleAt = now() + SETTLE_AFTER_MS;
  }

  /** A last will can fail, so a silent hub counts as lost. */
  watchHub() {
    const { state, heardAt } = this.hub;
    if (state !== "online" || now() - heardAt < HUB_SILENT_MS) return;
    this.hub = { ...this.hub, state: "offline", since: heardAt };
  }

  tick() {
    this.alerts.expire(now());
    if (this.settleAt !== null && this.hub.state === "online" && now() >= this.settleAt) {
      this.settleAt = null;
      this.alerts.settle(now());
    }
    this.watchHub();
    this.warnOfLoss();
    this.draw();
    this.drawPanels();
  }

  warnOfLoss() {
    if (this.lostAt === null || !this.isStarted || now() - this.lostAt < WARN_OF_LOSS_AFTER_MS) return;
    if (now() - this.warnedAt < WARN_OF_LOSS_EVERY_MS) return;
    this.warnedAt = now();
    this.bell.warnOfLoss();
  }

  change(action) {
    action();
    this.draw();
  }

  alertToRing() {
    return this.isElsewhere || !this.link.isUp ? null : (this.alerts.toRing()[0]?.alert ?? null);
  }

  draw() {
    this.bell.keepRinging(this.alertToRing(), now());
    const { lostAt, hub, isElsewhere } = this;
    const isConnected = this.link.isUp && lostAt === null;
    drawConnection({ isConnected, lostAt, hub, isElsewhere });
    this.view.draw({ isConnected, isStarted: this.isStarted && !isElsewhere });
  }

  drawPanels() {
    this.panels.draw(this.site);
  }

  /** Say good-bye first, or the last will would report this phone as lost. */
  async logOut(event) {
    event.preventDefault();
    forget(sessionStorage, "yingbin.");
    forget(localStorage, `yingbin.${this.link.account.site}`);
    const inTime = new Promise((done) => setTimeout(done, 1_000));
    await Promise.race([this.link.close(), inTime]);
    event.target.submit();
  }
}

install();
const account = await accountInTheEnd();
setClock(account.server_time, account.zone);
new Page(account).run();
