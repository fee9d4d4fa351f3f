// What can be done about an alert: one row a token of the alert's `actions`. A token that is not
// in the table (a newer hub's) is no button.

import { button, element, testId } from "./dom.js";
import { say } from "./words.js";

const BEFORE = ["ringing"];
const AFTER = ["mine", "info"];
const WHENEVER = [...BEFORE, ...AFTER];

const ACTIONS = {
  claim: { when: BEFORE, act: (desk, { alert }) => desk.answer(alert.alert_id, "claim") },
  pass_on: { when: BEFORE, act: (desk, { alert }) => desk.answer(alert.alert_id, "pass_on") },
  stand_in: { when: BEFORE, act: (desk, { alert }) => desk.standIn(alert) },
  correct: { when: WHENEVER, act: (desk, { alert }) => desk.open("correct", alert) },
  no_plate: { when: WHENEVER, act: (desk, { alert }) => desk.report("no_plate", alert) },
  seat: { when: AFTER, act: (desk, { alert }) => desk.open("seated", alert) },
  served: { when: AFTER, act: (desk, { alert }) => desk.report("served", alert) },
  arrived: { when: AFTER, act: (desk, { alert }) => desk.report("arrived", alert) },
  left: { when: AFTER, act: (desk, { alert }) => desk.report("left", alert) },
};

/** The buttons of `item`: the first large, the others side by side below it. */
export function actionButtons(item, desk) {
  const { alert, state } = item;
  const asked = alert.actions?.length ? alert.actions : alert.needs_claim === false ? [] : ["claim"];
  const tokens = Object.keys(ACTIONS).filter(
    (token) => asked.includes(token) && ACTIONS[token].when.includes(state),
  );
  const made = tokens.map((token) => actionButton(token, item, desk));
  if (AFTER.includes(state)) {
    const words = say(state === "info" ? "act.seen" : "act.put_away");
    made.push(testId(button(words, () => desk.putAway(alert.alert_id)), "put-away"));
  }
  const [first, ...rest] = made;
  if (!first) return [];
  first.classList.add(state === "ringing" ? "claim" : "button--main");
  if (rest.length === 0) return [first];
  const row = element("div", "card__more");
  row.append(...rest);
  return [first, row];
}

function actionButton(token, item, desk) {
  const { act } = ACTIONS[token];
  const made = button(say(`act.${token}`), () => {
    if (act(desk, item) !== false) return;
    made.textContent = say("act.not_sent");
  });
  return testId(made, token === "claim" ? "claim" : `act-${token}`);
}
