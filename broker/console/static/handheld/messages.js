// What a person tells the hub, one row a kind: its id and moment, and whether it waits on the phone
// while the hub is away. The hub decides what of it still counts (broker/handlers/lateness.py).

import { moment, now } from "./clock.js";
import { newId } from "./ids.js";
import { maskPhone, maskPlate } from "./masks.js";
import { say } from "./words.js";

const MESSAGES = {
  report: { id: "report_id", moment: "reported_at", waits: true },
  registration: { id: "registration_id", moment: "registered_at", waits: true },
  correction: { id: "correction_id", moment: "corrected_at", waits: true },
  ack: { id: "ack_id", moment: "acked_at", waits: true },
  // Who asks wants the answer now.
  look_up: { id: "look_up_id", moment: "asked_at", waits: false },
};

const LATE_AFTER_MS = 120_000;
/** The reports that still count after that. All others are for the moment. */
const LASTING = [
  ...["away", "back", "join", "leave", "serving", "finished", "left", "still_here"],
  ...["served", "claim", "family", "followed_up", "snoozed", "wishes"],
  ...["duty_done", "duty_impossible", "duty_run", "duty_skip"],
];

const NAMED = { claim: "claim_visitor", called_owner: "owner_reached", snoozed: "snooze" }; // where the button has another name
const DONE = ["sent", "kept"];

/** Whether something was sent, or is kept to be sent; else the outcome names the sentence why not. */
export const isDone = (outcome) => DONE.includes(outcome);

export const waits = (item) => MESSAGES[item.kind].waits;

/** Whether it waited so long that the hub will not do it any more. */
export function isTooLate({ kind, body, madeAt }) {
  const isLasting = kind === "registration" || (kind === "report" && LASTING.includes(body.kind));
  return !isLasting && now() - madeAt > LATE_AFTER_MS;
}

/** A message of this moment; `about` is what the person sees of it while it waits. */
export function newItem(kind, topic, fields, about = {}) {
  const { id: idField, moment: momentField } = MESSAGES[kind];
  const madeAt = now();
  const id = newId(madeAt);
  const body = { [idField]: id, [momentField]: moment(madeAt), ...fields };
  return { id, kind, topic, body, madeAt, subject: subjectOf(body, about), refused: null };
}

/** What the person asked for, in the words of the button. */
export function titleOf({ kind, body }) {
  if (kind === "registration") return say("act.register");
  if (kind === "correction") return say("act.correct");
  const name = kind === "ack" ? body.answer : (NAMED[body.kind] ?? body.kind);
  return say(`act.${name}`);
}

/** For whom, with phone and plate masked. */
function subjectOf(body, about) {
  const name = body.surname ? `${body.surname}${body.salutation ?? ""}` : (about.visitor ?? about.name);
  const phone = body.phone && maskPhone(body.phone);
  const plate = body.plate ?? body.plates?.[0] ?? (name ? null : about.plate);
  return [name, phone, plate && maskPlate(plate)].filter(Boolean).join(" · ");
}
