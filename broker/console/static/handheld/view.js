// Draws the alerts; changes nothing but the page.

import { now, timeOfDay } from "./clock.js";
import { besides, leadOf, leadsOf } from "./cards.js";
import { opener } from "./deed.js";
import { element, part, testId } from "./dom.js";
import { fit, paged } from "./paging.js";
import { showSince, stageCard, stageOf, wordsBeside } from "./stage.js";
import { inOwnWords, say, stateWords } from "./words.js";

const SWAP_GUARD_MS = 500; // a tap that is under way must not claim an alert that just appeared
const PAGE = 3;
const CROWDED = 3; // so many others ring that nothing else is shown beside them

export class View {
  /** The card's buttons call `desk`. */
  constructor(alerts, desk, redraw) {
    this.alerts = alerts;
    this.desk = desk;
    this.redraw = redraw;
    this.selectedId = linkedId();
    this.shown = null; // { key, item, card }
    addEventListener("resize", () => (this.othersKey = null)); // draw anew
  }

  /** Draw what changed. Call after every message and every second. */
  draw({ isConnected, isStarted }) {
    const all = this.alerts.newestFirst();
    const items = leadsOf(all);
    const selectedId = leadOf(all, items, this.selectedId);
    const item = stageOf(items, selectedId, this.shown?.item?.alert.alert_id, now());
    document.body.dataset.ringing = String(this.alerts.toRing().length > 0);
    document.body.dataset.started = String(isStarted);
    part("start").hidden = isStarted;
    this.item = item;
    this.drawStage(item, isConnected, isStarted, item ? besides(all, item) : []);
    this.drawOthers(items.filter((other) => other !== item));
    fit();
  }

  drawStage(item, isConnected, isStarted, others) {
    const also = others.map(({ alert }) => alert.alert_id);
    const key = item
      ? [item.alert.alert_id, item.alert.repeat, item.state, item.closed?.by_name, isConnected, ...also].join("|")
      : `none ${isStarted}`;
    if (key !== this.shown?.key) {
      const card = item ? stageCard(item, isConnected, this.desk, others) : emptyCard(isStarted);
      if (this.isSwap(item)) guard(card.querySelector(".claim"));
      part("stage").replaceChildren(card);
      this.shown = { key, item, card };
    } else if (item) {
      showSince(this.shown.card, item);
    }
  }

  /** Whether a ringing alert replaces another card, and so its button another button. */
  isSwap(item) {
    const before = this.shown?.item;
    return item?.state === "ringing" && Boolean(before) && before !== item;
  }

  /** The list below the card: other ringing alerts, missed alerts, those that are over. */
  drawOthers(others) {
    const missed = this.alerts.missed().filter((item) => others.includes(item));
    const key = [missed.length, ...others.map((item) => item.alert.alert_id + stateOf(item))].join();
    if (key === this.othersKey) return;
    this.othersKey = key;
    const waiting = others.filter((item) => item.state === "ringing");
    document.body.dataset.crowded = String(waiting.length >= CROWDED);
    const past = others.filter((item) => item.state !== "ringing" && !missed.includes(item));
    this.drawList("waiting", waiting, say("list.waiting", { count: waiting.length }));
    this.drawList("missed", missed, say("list.missed", { count: missed.length }));
    this.drawList("past", past, say("list.past"));
    const badge = part("missed-count");
    badge.hidden = missed.length === 0;
    badge.textContent = say("list.missed", { count: missed.length });
  }

  /** Show the card of the alert with this id. */
  select(alertId) {
    this.selectedId = alertId;
    window.scrollTo(0, 0);
    this.redraw();
  }

  drawList(name, items, title) {
    const section = part(name);
    section.hidden = items.length === 0;
    section.querySelector("h2").textContent = title;
    paged(section.querySelector("[data-part=list]"), items.map((item) => this.row(item)), PAGE);
  }

  row(item) {
    const { state } = item;
    const alert = inOwnWords(item.alert);
    const row = element("article", `row row--${state}`);
    row.dataset.alertId = alert.alert_id;
    row.dataset.state = state;
    row.append(
      element("span", "row__time", timeOfDay(Date.parse(alert.raised_at))),
      element("span", "row__plate", alert.plate ?? alert.title),
      element("span", "row__text", wordsBeside(alert)),
      element("span", "row__state", stateWords(item)),
    );
    if (alert.actions?.includes("dispute")) {
      row.append(opener("dispute", () => this.desk.dispute(alert), "row__choose"));
    }
    if (state !== "ringing") return row;
    const choose = testId(element("button", "row__choose", say("list.show")), "choose");
    choose.type = "button";
    row.append(choose);
    row.addEventListener("click", () => this.select(alert.alert_id));
    return row;
  }
}

/** The alert that the page's address names, as a message on a locked phone links it. */
export const linkedId = () => new URLSearchParams(location.hash.slice(1)).get("alert");

const stateOf = (item) => item.state + item.closed?.by_name;

/** The bar on top: whether hub and server are there, and if not, since when. */
export function drawConnection({ isConnected, lostAt, hub, isElsewhere }) {
  const { body } = document;
  const isOpening = !isConnected && lostAt === null && !isElsewhere;
  body.dataset.connected = isOpening ? "opening" : String(isConnected);
  body.dataset.hub = hub.state;
  const [words, advice] = connectionWords({ isConnected, lostAt, hub, isElsewhere });
  if (part("connection").textContent !== words) part("connection").textContent = words;
  part("advice").textContent = advice;
}

function connectionWords({ isConnected, lostAt, hub, isElsewhere }) {
  if (isElsewhere) return [say("link.elsewhere"), say("link.elsewhere_advice")];
  if (!isConnected && lostAt === null) return [say("link.connecting"), ""];
  if (!isConnected) {
    return [say("link.lost_since", { time: timeOfDay(lostAt, true) }), say("link.lost_advice")];
  }
  if (hub.state === "online") return [say("link.connected"), ""];
  if (hub.state === "unknown") return [say("link.hub_unknown"), say("link.hub_unknown_advice")];
  const since = hub.since === null ? null : timeOfDay(hub.since, true);
  const words = since ? say("link.hub_lost_since", { time: since }) : say("link.hub_lost");
  return [words, say("link.hub_lost_advice")];
}

function emptyCard(isStarted) {
  const card = testId(element("div", "empty"), "empty");
  card.append(
    element("p", "empty__title", say("stage.empty")),
    element("p", "empty__advice", say(isStarted ? "stage.empty_advice" : "stage.not_started")),
  );
  return card;
}

function guard(button) {
  if (!button) return;
  button.disabled = true;
  setTimeout(() => (button.disabled = false), SWAP_GUARD_MS);
}
