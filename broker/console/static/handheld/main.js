// Connects the parts of the handheld page.

import { Alerts } from "./alerts.js";
import { keepAwake, watchBattery } from "./awake.js";
import { Bell } from "./bell.js";
import { moment, now, setClock } from "./clock.js";
import { part } from "./dom.js";
import { deviceId, newId } from "./ids.js";
import { Link } from "./link.js";
import { offerReports } from "./reports.js";
import { forget } from "./storage.js";
import { every } from "./timers.js";
import { drawConnection, View } from "./view.js";
import { WORDS } from "./words.js";

const ACK_EVERY_MS = 3_000;
const SETTLE_AFTER_MS = 5_000; // the hub's time to send again what is still open
const WARN_OF_LOSS_AFTER_MS = 5_000;
const WARN_OF_LOSS_EVERY_MS = 60_000;
const HUB_SILENT_MS = 45_000; // four of its heartbeats
const ASK_AGAIN_MS = 3_000;

class Page {
  constructor(account) {
    this.me = { staffId: account.staff_id, roles: account.roles, deviceId: deviceId() };
    const keyPrefix = `yingbin.${account.site}.${account.staff_id}`;
    this.alerts = new Alerts(this.me, keyPrefix);
    this.bell = new Bell(account.roles);
    this.view = new View(this.alerts, {
      claim: (id) => this.claim(id),
      putAway: (id) => this.change(() => this.alerts.putAway(id, now())),
      redraw: () => this.draw(),
    });
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
    begin.disabled = false; // until here a tap would have been lost
    offerReports((kind) => this.report(kind));
    part("theme").addEventListener("click", () => switchTheme());
    part("logout").addEventListener("submit", (event) => this.logOut(event));
    document.addEventListener("visibilitychange", () => this.tick());
    watchBattery((level) => (this.link.battery = level));
    this.takeOver();
    showTheme();
    this.draw();
  }

  /** One page a phone: the newest window rings, the others stop. */
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
    part("start").querySelector("button").textContent = WORDS.here;
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
    part("hint").textContent = WORDS.keepAwakeHint;
    part("hint").hidden = isKept;
  }

  claim(alertId) {
    const ack = this.alerts.claim(alertId, now());
    if (!ack) return;
    this.link.sendAck(ack);
    if (!this.isStarted) this.start();
    this.draw();
  }

  report(kind) {
    const { staffId } = this.me;
    const id = newId(now());
    return this.link.sendReport({ report_id: id, staff_id: staffId, kind, reported_at: moment() });
  }

  sendAcks() {
    if (!this.isElsewhere) this.alerts.unanswered(now()).forEach((ack) => this.link.sendAck(ack));
  }

  onUp() {
    this.refusals = 0;
    this.lostAt = null;
    this.settleAt = now() + SETTLE_AFTER_MS;
    this.sendAcks();
    askAccount().then((account) => setClock(account.server_time, account.zone), () => {});
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

  /** The password may have been changed: ask once for the new one, then log in anew. */
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
    this.draw();
  }

  onAlert(alert) {
    const item = this.alerts.receive(alert, now());
    if (item?.state === "info") this.bell.ringOnce(alert);
  }

  onHub(status) {
    if (!["online", "offline"].includes(status?.state)) return;
    const before = this.hub.state;
    this.hub.heardAt = now();
    if (status.state === before) return;
    // The time in a last will is when the hub connected: only a loss that we saw has a time.
    this.hub.since = before === "online" ? now() : null;
    this.hub.state = status.state;
    if (before === "offline") this.greetHub();
  }

  /** A hub that is back has to hear of us as of somebody new: it sends what is still open. */
  greetHub() {
    this.link.connectedAt = moment();
    this.link.sendPresence();
    this.alerts.doubt();
    this.settleAt = now() + SETTLE_AFTER_MS;
  }

  /** Wills can fail: a hub that says nothing is no hub. */
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

  /** Say good-bye first: the last will would call this phone lost. */
  async logOut(event) {
    event.preventDefault();
    forget(sessionStorage, "yingbin.");
    forget(localStorage, `yingbin.${this.link.account.site}`);
    const inTime = new Promise((done) => setTimeout(done, 1_000));
    await Promise.race([this.link.close(), inTime]);
    event.target.submit();
  }
}

async function askAccount() {
  const answer = await fetch("/api/account", { credentials: "same-origin", cache: "no-store" });
  if (answer.status === 401) location.assign("/login?why=ended");
  if (!answer.ok) throw new Error(`/api/account: ${answer.status}`);
  return answer.json();
}

/** The account, as soon as the hub's pages answer. */
async function accountInTheEnd() {
  for (;;) {
    try {
      return await askAccount();
    } catch {
      await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
    }
  }
}

function showTheme() {
  const isDark = document.documentElement.dataset.theme !== "light";
  part("theme").textContent = isDark ? WORDS.light : WORDS.dark;
}

function switchTheme() {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === "light" ? "dark" : "light";
  try {
    localStorage.setItem("yingbin.theme", dataset.theme);
  } catch {
    // Dark again next time.
  }
  showTheme();
}

const account = await accountInTheEnd();
setClock(account.server_time, account.zone);
new Page(account).run();
