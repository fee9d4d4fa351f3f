// Connects the parts of the handheld page.

import { accountInTheEnd, askAccount } from "./account.js";
import { Alerts } from "./alerts.js";
import { keepAwake, watchBattery } from "./awake.js";
import { Bell } from "./bell.js";
import { answeredWith, leadsOf } from "./cards.js";
import { moment, now, setClock } from "./clock.js";
import { Desk } from "./desk.js";
import { part } from "./dom.js";
import { Courier } from "./courier.js";
import { HubWatch } from "./hub_watch.js";
import { deviceId } from "./ids.js";
import { install } from "./installed.js";
import { Link } from "./link.js";
import { watchLogOut } from "./log_out.js";
import { newItem } from "./messages.js";
import { Outbox } from "./outbox.js";
import { Panels } from "./panels.js";
import { Replies } from "./replies.js";
import { RingBar } from "./ring_bar.js";
import { close as closeSheet } from "./sheet.js";
import { Site } from "./site.js";
import { Tabs } from "./tabs.js";
import { showTheme, switchTheme } from "./themes.js";
import { every } from "./timers.js";
import { Unsent } from "./unsent.js";
import { drawConnection, linkedId, View } from "./view.js";
import { Windows } from "./windows.js";
import { inOwnWords, say } from "./words.js";

const CLOCKS_APART_MS = 15_000; // more than a heartbeat that was kept may be old
const REFUSED_AFTER_MS = 2_000; // the end of the alert, if it is over, is on its way as well
const SETTLE_AFTER_MS = 5_000; // so long the hub may take to send again what is still open
const WARN_OF_LOSS_AFTER_MS = 5_000;
const WARN_OF_LOSS_EVERY_MS = 60_000;

class Page {
  constructor(account, device, outbox) {
    this.me = { staffId: account.staff_id, roles: account.roles, deviceId: device };
    const keyPrefix = `yingbin.${account.site}.${account.staff_id}`;
    this.replies = new Replies();
    this.courier = new Courier(outbox, () => this.way(), (item, why) => this.onReply(item, why));
    this.unsent = new Unsent(this.courier, ({ id }) => outbox.remove(id).then(() => this.draw()));
    this.alerts = new Alerts(this.me, keyPrefix, (id) => this.saidTo(id));
    this.bell = new Bell(account.roles);
    this.site = new Site(() => this.drawPanels());
    this.desk = new Desk(this.me, this.site, (item) => this.post(item), {
      answer: (id, answer) => this.answer(id, answer),
      putAway: (id) => this.change(() => this.alerts.putAway(id, now())),
      over: (visitId) => this.change(() => this.alerts.putAwayVisit(visitId, now())),
      replyTo: (id) => this.replies.to(id),
    });
    this.view = new View(this.alerts, this.desk, () => this.draw());
    this.panels = new Panels(document.body.dataset.panels.split(" "), this.desk);
    this.tabs = new Tabs(this.panels);
    this.ringBar = new RingBar({ show: () => this.showRinging(), answer: (id, answer) => this.answer(id, answer) });
    this.hub = new HubWatch();
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
    const begin = part("start").querySelector("button");
    begin.addEventListener("click", () => this.start());
    begin.disabled = false; // a tap before now would have been lost
    part("looked").addEventListener("click", () => this.change(() => this.alerts.lookAtMissed()));
    part("missed-count").addEventListener("click", () => this.showMissed());
    part("sheet").addEventListener("close", () => this.draw());
    part("theme").addEventListener("click", () => switchTheme());
    addEventListener("hashchange", () => this.showAlert(linkedId()));
    watchLogOut(this.courier, () => this.link);
    document.addEventListener("visibilitychange", () => this.tick());
    watchBattery((level) => (this.link.battery = level));
    this.windows = new Windows({ taken: () => this.standDown(), left: () => this.takeOutbox() });
    showTheme();
    this.draw();
    this.site.ask();
  }

  /** What the other window was about to keep when this window took over. */
  async takeOutbox() {
    await this.courier.outbox.load();
    this.courier.step();
    this.draw();
  }

  async standDown() {
    this.isElsewhere = true;
    this.link.dispose();
    this.bell.silence();
    part("start").querySelector("button").textContent = say("link.here");
    this.draw();
    await this.courier.outbox.load(); // the store takes one at a time: what was being kept is kept now
    this.windows.stopped();
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
    const items = this.alerts.newestFirst();
    const asked = items.find(({ alert }) => alert.alert_id === alertId);
    for (const { alert } of asked ? answeredWith(items, asked) : []) {
      if (this.alerts.answer(alert.alert_id, answer, now())) this.post(this.ack(alert, answer));
    }
    if (!this.isStarted) this.start();
    this.draw();
  }

  ack(alert, answer) {
    const { staffId, deviceId } = this.me;
    const fields = { alert_id: alert.alert_id, staff_id: staffId, device_id: deviceId, answer };
    return newItem("ack", `staff/${staffId}/ack`, fields, inOwnWords(alert));
  }

  /** This person's answer to the alert that the hub has not taken yet. */
  saidTo(alertId) {
    return this.courier.waiting.find(({ body }) => body.alert_id === alertId)?.body.answer;
  }

  async post(item) {
    const outcome = await this.courier.send(item);
    this.draw();
    return outcome;
  }

  way() {
    const { link, isElsewhere } = this;
    return { link, isElsewhere, isHubThere: link.isUp && this.hub.isThere };
  }

  /** The hub has `item`; `why` it does not do it, if it doesn't. */
  onReply({ id, kind, body }, why) {
    this.replies.receive(id, why);
    const reopen = () => this.change(() => this.alerts.reopen(body.alert_id, now()));
    if (why && kind === "ack") setTimeout(reopen, REFUSED_AFTER_MS);
  }

  showRinging() {
    this.showAlert(this.alerts.toRing()[0]?.alert.alert_id);
  }

  showAlert(alertId) {
    closeSheet();
    this.tabs.show("alerts");
    this.view.select(alertId);
  }

  showMissed() {
    this.tabs.show("alerts");
    part("missed").scrollIntoView();
  }

  onUp() {
    this.refusals = 0;
    this.lostAt = null;
    this.settleAt = now() + SETTLE_AFTER_MS;
    this.courier.again();
    this.askTime();
    this.draw();
  }

  onDown() {
    if (this.lostAt !== null || this.isElsewhere) return;
    this.lostAt = now();
    this.settleAt = null;
    this.hub.forget();
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
    this.connect(await accountInTheEnd(this.me.deviceId));
  }

  onMessage(kind, message) {
    if (kind === "alert") this.onAlert(message);
    if (kind === "closed") this.onClosed(message);
    if (kind === "hub") this.onHub(message);
    if (kind === "answer") this.desk.onAnswer(message);
    if (kind === "receipt") this.courier.onReceipt(message).then(() => this.draw());
    if (kind !== "hub") this.site.askSoon(); // a message may have changed what the panels show
    this.draw();
  }

  onAlert(alert) {
    const item = this.alerts.receive(alert, now());
    if (item && this.replies.take(alert)) this.readAnswer(item);
    else if (item?.state === "info") this.bell.ringOnce(alert);
    if (!item || !this.alerts.isShownFirst(alert.alert_id)) return;
    const { topic, body } = this.ack(alert, "shown");
    this.link.send(topic, body); // now or never: it shows that somebody may have seen it now
  }

  /** It is read where it was asked for: it rings no more, and waits below. */
  readAnswer({ alert, state }) {
    if (state === "ringing") this.answer(alert.alert_id, "claim");
    this.alerts.putAway(alert.alert_id, now());
  }

  /** Count on from the hub's time, as it is now. */
  askTime() {
    askAccount(this.me.deviceId).then((account) => setClock(account.server_time, account.zone), () => {});
  }

  onHub(status) {
    const isApart = Math.abs(Date.parse(status.at) - now()) > CLOCKS_APART_MS;
    if (status.state === "online" && isApart) this.askTime(); // somebody set a clock, ours or the hub's
    if (this.hub.hear(status, now())) this.greetHub();
  }

  /** The alert is over, so no answer to it is needed. */
  onClosed(closed) {
    this.alerts.close(closed, now());
    this.courier.withdraw(({ body, refused }) => body.alert_id === closed.alert_id && !refused);
  }

  /** Greet a hub that is back as a new connection: it then sends what is still open. */
  greetHub() {
    this.link.connectedAt = moment();
    this.link.sendPresence();
    this.alerts.doubt();
    this.courier.again();
    this.settleAt = now() + SETTLE_AFTER_MS;
  }

  tick() {
    this.alerts.expire(now());
    if (this.settleAt !== null && this.hub.isThere && now() >= this.settleAt) {
      this.settleAt = null;
      this.alerts.settle(now());
    }
    this.hub.watch(now());
    this.courier.step();
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
    this.link.waiting = this.courier.waiting.length;
    const { lostAt, hub, isElsewhere } = this;
    const isConnected = this.link.isUp && lostAt === null;
    drawConnection({ isConnected, lostAt, hub, isElsewhere });
    this.unsent.draw({ isConnected, isHubThere: this.way().isHubThere });
    this.view.draw({ isConnected, isStarted: this.isStarted && !isElsewhere });
    const ringing = leadsOf(this.alerts.toRing());
    this.ringBar.draw(ringing[0] ?? null);
    this.tabs.badge("alerts", ringing.length + this.alerts.missed().length);
  }

  drawPanels() {
    this.panels.draw(this.site);
    if (this.site.seenAt !== null || this.site.isStale) document.body.dataset.asked = "true";
    const { visits, skips, expiring = [] } = this.site.seen;
    const isWaiting = ({ state }) => this.panels.shows("waiting") && state === "waiting";
    this.tabs.badge("people", expiring.length + visits.filter(isWaiting).length);
    this.tabs.badge("line", skips.length);
  }
}

install();
const device = deviceId();
const account = await accountInTheEnd(device);
setClock(account.server_time, account.zone);
const outbox = new Outbox(`yingbin.${account.site}.${account.staff_id}`);
await outbox.load();
new Page(account, device, outbox).run();
