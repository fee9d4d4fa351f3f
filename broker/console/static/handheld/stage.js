// Chooses the alert that stands large on top, and makes its card.

import { actionButtons } from "./actions.js";
import { now, span, timeOfDay } from "./clock.js";
import { element, testId } from "./dom.js";
import { joined } from "./rows.js";
import { inOwnWords, say, stateWords, word } from "./words.js";

const CONFIRM_MS = 2_500; // how long an own claim stays before the next alert takes its place
const LINGER_MS = 8_000; // how long the end of an alert that just rang can be read
const PARTS = /^(WJ\p{Script=Han}?|\p{Script=Han}[A-Z]?)[·\s]?([A-Z0-9*]{4,6}\p{Script=Han}?)$/u;
const WAITING = ["ringing", "claiming"];

/** The alert to show large; null if there is none. */
export function stageOf(items, selectedId, shownId, moment) {
  const byId = (id) => items.find((item) => item.alert.alert_id === id);
  const selected = byId(selectedId);
  const isNews = selected?.state === "info" && !selected.isPutAway;
  if (selected && (isNews || WAITING.includes(selected.state))) return selected;
  const shown = byId(shownId);
  const age = shown && !shown.isPutAway ? moment - shown.changedAt : Infinity;
  if (["claiming", "mine"].includes(shown?.state) && age < CONFIRM_MS) return shown;
  return (
    items.find((item) => item.state === "ringing") ??
    items.find((item) => item.state === "claiming") ??
    (age < LINGER_MS ? shown : null) ??
    items.find((item) => ["mine", "info"].includes(item.state) && !item.isPutAway) ??
    null
  );
}

/** The large card of `item`, whose buttons call `desk`; `others` ring for the same visit. */
export function stageCard(item, isConnected, desk, others = []) {
  const { state } = item;
  const alert = inOwnWords(item.alert);
  const card = element("article", `card card--${state} card--${alert.level} card--${alert.kind ?? "call"}`);
  card.dataset.alertId = alert.alert_id;
  card.dataset.state = state;
  card.append(element("p", "card__title", titleOf(alert)));
  const plate = plateOf(alert);
  if (plate) card.append(plate);
  else card.classList.add("card--walk-in");
  card.append(...factsOf(alert), element("p", "card__text", wordsBeside(alert)));
  card.append(...others.map((other) => element("p", "card__also", alsoOf(inOwnWords(other.alert), alert))));
  if (alert.ladder?.length) card.append(ladderOf(alert));
  card.append(element("p", "card__since"));
  if (state === "claiming") {
    card.append(element("p", "card__end", say(isConnected ? "alert.sending" : "alert.kept")));
  } else if (!["ringing", "info"].includes(state)) {
    card.append(element("p", "card__end", stateWords(item)));
  }
  card.append(...actionButtons(item, desk, others));
  showSince(card, item);
  return card;
}

const alsoOf = (also, lead) => joined(also.title !== lead.title && also.title, wordsBeside(also));

/** Who was asked before, and did not go. */
export function ladderOf({ ladder }) {
  const made = testId(element("ol", "ladder"), "ladder");
  for (const { name, role, at, has_passed: hasPassed } of ladder) {
    const who = name ?? word("role", role);
    const why = say(hasPassed ? "ladder.passed" : "ladder.silent");
    made.append(element("li", "ladder__rung", `${who} ✗ ${why} ${timeOfDay(Date.parse(at))}`));
  }
  return made;
}

function titleOf({ title, repeat }) {
  return repeat ? say("alert.again", { title, count: repeat + 1 }) : title;
}

/** The visitor, how many, where, the number on the tablet, and in whose place this person goes. */
function factsOf(alert) {
  const facts = element("ul", "card__facts");
  const add = (words, kind) => facts.append(element("li", `fact fact--${kind}`, words));
  if (alert.visitor) add(alert.visitor, "who");
  if (alert.party_size) add(say("alert.people", { count: alert.party_size }), "people");
  if (alert.place) add(alert.place, "place");
  if (alert.visitor_number) add(say("alert.number", { number: alert.visitor_number }), "number");
  if (alert.instead_of) add(say("alert.instead_of", { name: alert.instead_of }), "instead");
  return facts.childElementCount ? [facts] : [];
}

/** Update the running times on `card`. */
export function showSince(card, item) {
  const { alert, state, isConfirmed } = item;
  const since = card.querySelector(".card__since");
  const raisedAt = Date.parse(alert.raised_at);
  if (!WAITING.includes(state)) {
    const key = ["mine", "info"].includes(state) ? state : "over";
    const times = { raised: timeOfDay(raisedAt), changed: timeOfDay(item.changedAt) };
    since.textContent = say(`alert.times_${key}`, times);
    return;
  }
  const dueInMs = Date.parse(alert.ack_due_at) - now();
  const due = dueInMs > 0 ? say("alert.due", { span: span(dueInMs) }) : say("alert.overdue");
  const parts = [`${timeOfDay(raisedAt)} · ${say("alert.waited")} `, span(now() - raisedAt)];
  since.replaceChildren(parts[0], element("strong", "", parts[1]));
  const below = isConfirmed ? state === "ringing" && alert.ack_due_at && due : say("alert.unconfirmed");
  if (below) since.append(element("span", "card__due", below));
}

export function plateOf(alert) {
  if (!alert.plate) return null;
  const plate = testId(element("p", "plate"), "plate");
  const [, place, serial] = PARTS.exec(alert.plate) ?? [];
  if (!serial) {
    plate.textContent = alert.plate;
    return plate;
  }
  if (serial.length > 5) plate.classList.add("plate--long");
  // In two parts, so that a line breaks only between them and the serial number stays whole.
  plate.append(element("span", "plate__place", place), element("wbr"), element("span", "plate__serial", serial));
  return plate;
}

/** The sentence without its beginning that stands large above it already. */
export function wordsBeside(alert) {
  const count = alert.party_size ? say("alert.people", { count: alert.party_size }) : null;
  let rest = alert.text;
  for (const said of [alert.plate, alert.visitor, count]) {
    if (said && rest.startsWith(said)) rest = rest.slice(said.length).replace(/^[\s\p{Po}]+/u, "");
  }
  return rest;
}
