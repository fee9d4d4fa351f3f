// What can be done about an alert: a row for each token of the alert's `actions`. A token that is
// not in the table, as from a newer hub, gets no button.

import { deed, opener } from "./deed.js";
import { button, element, testId } from "./dom.js";
import { say } from "./words.js";

const BEFORE = ["ringing"];
const AFTER = ["mine", "info"];
const WHENEVER = [...BEFORE, ...AFTER];
const FIRST = ["served", "correct", "visitor_left", "still_here", "duty_done", "duty_run"]; // with these a task is done
const AT_WORK = ["gate", "security", "cleaning", "engineering", "bar", "showflat", "cart"]; // posts that do not receive visitors

const reports = (kind, name = kind, more = {}) => (desk, { alert }) => [
  deed(name, () => desk.report(kind, alert, more)),
];
const ticks = (kind) => (desk, { alert }) => [
  deed(kind, () => desk.report(kind, {}, { duty_id: alert.visit_id })),
];
const opens = (name, form) => (desk, { alert }) => [opener(name, () => desk.open(form, alert))];
const answers = (name, answer) => (desk, { alert }) => [
  opener(name, () => desk.answer(alert.alert_id, answer)),
];

const ACTIONS = {
  claim: { when: BEFORE, buttons: claimButton },
  stand_in: { when: BEFORE, buttons: answers("stand_in", "claim") }, // who claims it stands in (R24)
  pass_on: { when: BEFORE, buttons: answers("pass_on", "pass_on") },
  cannot: { when: BEFORE, buttons: answers("cannot", "pass_on") },
  greeted: { when: WHENEVER, buttons: opens("greeted", "greeted") },
  correct: { when: WHENEVER, buttons: (desk, { alert }) => correctButtons(desk, alert) },
  no_plate: { when: WHENEVER, buttons: reports("no_plate") },
  seat: { when: AFTER, buttons: opens("seat", "seated") },
  served: { when: WHENEVER, buttons: reports("served") },
  arrived: { when: AFTER, buttons: reports("arrived") },
  left: { when: AFTER, buttons: reports("left") },
  visitor_left: { when: WHENEVER, buttons: reports("left", "visitor_left") },
  still_here: { when: WHENEVER, buttons: reports("still_here") },
  let_in: { when: WHENEVER, buttons: reports("let_in") },
  turned_away: { when: WHENEVER, buttons: reports("turned_away") },
  pass_fits: { when: WHENEVER, buttons: reports("pass_fits") },
  pass_mismatch: { when: WHENEVER, buttons: reports("pass_mismatch") },
  duty_done: { when: WHENEVER, buttons: ticks("duty_done") },
  duty_impossible: { when: WHENEVER, buttons: ticks("duty_impossible") },
  duty_run: { when: WHENEVER, buttons: ticks("duty_run") },
  duty_skip: { when: WHENEVER, buttons: ticks("duty_skip") },
  owner_reached: { when: WHENEVER, buttons: reports("called_owner", "owner_reached", { is_reached: true }) },
  owner_silent: { when: WHENEVER, buttons: reports("called_owner", "owner_silent") },
  dispute: { when: WHENEVER, buttons: (desk, { alert }) => [opener("dispute", () => desk.dispute(alert))] },
};

/** What this alert offers: a task can be done, or not. */
function askedOf({ actions, needs_claim: needsClaim, kind }) {
  const asked = actions?.length ? actions : needsClaim === false ? [] : ["claim"];
  return kind === "task" && asked.includes("claim") ? [...asked, "cannot"] : asked;
}

const readsOfDispute = ({ alert }) => alert.actions?.includes("dispute");

/**
 * The buttons of `item`: the first is large, the others stand side by side below it. The dispute
 * that one of the `others` on its card tells of can be read from there, and one tap puts away all
 * the news that the card shows.
 */
export function actionButtons(item, desk, others = []) {
  const { alert, state } = item;
  const asked = [...askedOf(alert), ...(others.some(readsOfDispute) ? ["dispute"] : [])];
  const made = Object.entries(ACTIONS)
    .filter(([token, { when }]) => asked.includes(token) && when.includes(state))
    .sort(([token], [other]) => FIRST.includes(other) - FIRST.includes(token))
    .flatMap(([, { buttons }]) => buttons(desk, item));
  if (!BEFORE.includes(state) && state !== "claiming") {
    const words = say(state === "info" ? "act.seen" : "act.put_away");
    const read = [item, ...others.filter((other) => other.state === "info")];
    const putAway = () => read.forEach((one) => desk.putAway(one.alert.alert_id));
    made.push(testId(button(words, putAway), "put-away"));
  }
  const [first, ...rest] = made;
  if (!first) return [];
  first.classList.add(state === "ringing" ? "claim" : "button--main");
  if (rest.length === 0) return [first];
  const row = element("div", "card__more");
  row.append(...rest);
  return [first, row];
}

/** A button for each candidate plate, and one to type another plate. */
export function correctButtons(desk, about) {
  const plates = (about.candidates ?? []).filter((plate) => plate !== about.plate);
  const taps = plates.map((plate) => {
    const made = deed("is_plate", () => desk.correct(about, plate), "button button--plate", { plate });
    return testId(made, "candidate");
  });
  return [...taps, opener("correct", () => desk.open("correct", about))];
}

function claimButton(desk, { alert }) {
  const words = say(claimWords(alert));
  return [testId(button(words, () => desk.answer(alert.alert_id, "claim")), "claim")];
}

/** The words of the button that answers `alert`: a call is taken, a notice read, a task done. */
export function claimWords(alert) {
  const { role, kind } = alert;
  const asked = askedOf(alert);
  if (asked.includes("stand_in")) return "act.stand_in";
  if (!asked.includes("claim")) return null;
  // Who reads of a dispute receives nobody by it: one side knows of it, the manager deals with it.
  if (asked.includes("dispute")) return role ? "act.take" : "act.seen";
  if (kind === "notice") return "act.seen";
  if (kind === "task") return asked.some((token) => FIRST.includes(token)) ? "act.take" : "act.done";
  return AT_WORK.includes(role) ? "act.take" : "act.claim";
}
