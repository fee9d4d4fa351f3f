// Whom the consultant has to call, the most urgent first: one tap says what came of it, and what
// comes next.

import { deed, opener } from "./deed.js";
import { element, testId } from "./dom.js";
import { joined, row } from "./rows.js";
import { showLinks } from "./sheet.js";
import { offers, say, word } from "./words.js";

const OUTCOMES = ["again", "coming", "no_answer", "reached", "not_interested", "bought"];
const LATER = "later"; // not due yet: it would only fill the phone

export function followUps({ follow_ups: lines = [] }, desk) {
  const due = lines.filter(({ stage }) => stage !== LATER);
  return { key: due, nodes: () => due.map((line) => lineRow(line, desk)) };
}

function lineRow(line, desk) {
  const { registration_id: id, visitor, phone, plates, stage, due_on: day, days_over: days } = line;
  const title = visitor ?? phone ?? plates[0] ?? say("guest.nameless");
  const when = say(`follow.${stage}`, { day: day?.slice(5), days });
  const last = line.outcome && word("outcome", line.outcome);
  const buttons = OUTCOMES.map((outcome) =>
    deed(`outcome_${outcome}`, () => desk.report("followed_up", {}, { registration_id: id, outcome })),
  );
  const later = opener("snooze", () => desk.open("snooze", { registration_id: id, name: title }));
  return row(id, title, joined(when, last, line.reason, ...known(line)), [...call(phone), ...texts(phone, visitor), ...buttons, later]);
}

/** Other projects of the group that know the customer. */
function known(line) {
  return (line.known ?? []).map(([site, since, until]) =>
    until ? say("follow.protected_there", { site, until }) : say("follow.known", { site, since }),
  );
}

/** A button for the ready texts; the phone's own messages open with the one that is chosen. */
function texts(phone, visitor) {
  if (!phone || !offers.texts?.length) return [];
  const links = () => offers.texts.map(([name, text]) => textLink(name, phone, text.replace("{visitor}", visitor ?? "")));
  return [opener("text", () => showLinks("text", visitor ?? phone, links()))];
}

function textLink(name, phone, text) {
  const link = testId(element("a", "panel-card"), `text-${name}`);
  link.href = `sms:${phone}?&body=${encodeURIComponent(text)}`; // as Android and iOS both take it
  link.append(element("strong", "line-first", say(`text.title_${name}`)), element("p", "line-rest", text));
  return link;
}

/** A link that dials, on a phone. */
function call(phone) {
  if (!phone) return [];
  const link = element("a", "button button--main", say("follow.call", { phone }));
  link.href = `tel:${phone}`;
  return [link];
}
