// Which alert stands large on top, and the card that shows it.

import { now, span, timeOfDay } from "./clock.js";
import { element, testId } from "./dom.js";
import { stateWords, WORDS } from "./words.js";

const CONFIRM_MS = 2_500; // how long one's own claim stays before the next alert takes its place
const LINGER_MS = 8_000; // how long the end of what just rang stays readable
const PARTS = /^(WJ\p{Script=Han}?|\p{Script=Han}[A-Z]?)[·\s]?([A-Z0-9*]{4,6}\p{Script=Han}?)$/u;
const WAITING = ["ringing", "claiming"];

/** The alert to show large; null when there is none. */
export function stageOf(items, selectedId, shownId, moment) {
  const byId = (id) => items.find((item) => item.alert.alert_id === id);
  const selected = byId(selectedId);
  if (selected && WAITING.includes(selected.state)) return selected;
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

/** The large card of `item`; `act` has claim(id) and putAway(id). */
export function stageCard(item, isConnected, act) {
  const { alert, state } = item;
  const card = element("article", `card card--${state} card--${alert.level}`);
  card.dataset.alertId = alert.alert_id;
  card.dataset.state = state;
  card.append(element("p", "card__title", alert.title));
  const plate = plateOf(alert);
  if (plate) card.append(plate);
  else card.classList.add("card--walk-in");
  card.append(element("p", "card__text", wordsBeside(alert)), element("p", "card__since"));
  if (!WAITING.includes(state) && state !== "info") {
    card.append(element("p", "card__end", stateWords(item)));
  }
  card.append(...buttonsOf(item, isConnected, act));
  showSince(card, item);
  return card;
}

/** Bring the running times of `card` up to date. */
export function showSince(card, item) {
  const { alert, state, isConfirmed } = item;
  const since = card.querySelector(".card__since");
  const raisedAt = Date.parse(alert.raised_at);
  if (!WAITING.includes(state)) {
    const words = state === "mine" ? WORDS.taken : state === "info" ? WORDS.told : WORDS.ended;
    since.textContent = words(timeOfDay(raisedAt), timeOfDay(item.changedAt));
    return;
  }
  const dueInMs = Date.parse(alert.ack_due_at) - now();
  const due = dueInMs > 0 ? WORDS.left(span(dueInMs)) : WORDS.overdue;
  const parts = [`${timeOfDay(raisedAt)} · ${WORDS.waited} `, span(now() - raisedAt)];
  since.replaceChildren(parts[0], element("strong", "", parts[1]));
  const below = isConfirmed ? state === "ringing" && alert.ack_due_at && due : WORDS.unconfirmed;
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
  // Two parts that break only between them: the serial number stays whole and as large as it can.
  plate.append(element("span", "plate__place", place), element("wbr"), element("span", "plate__serial", serial));
  return plate;
}

/** The sentence without the plate that stands above it. */
export function wordsBeside(alert) {
  const rest = alert.plate ? alert.text.replace(alert.plate, "") : alert.text;
  return rest.replace(/\s+/g, " ").replace(/^[\s，、·]+/, "");
}

function buttonsOf(item, isConnected, act) {
  const id = item.alert.alert_id;
  if (item.state === "ringing") return [claimButton(() => act.claim(id))];
  if (item.state === "claiming") {
    const words = isConnected ? WORDS.claiming : WORDS.claimingOffline;
    return [element("p", "card__end", words)];
  }
  const button = element("button", "button", item.state === "info" ? WORDS.seen : WORDS.done);
  button.type = "button";
  button.addEventListener("click", () => act.putAway(id));
  return [testId(button, "put-away")];
}

function claimButton(claim) {
  const button = testId(element("button", "button claim", WORDS.claim), "claim");
  button.type = "button";
  button.addEventListener("click", claim);
  return button;
}
