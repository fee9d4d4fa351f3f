// The manager's panels: who waits since when, unclaimed alerts, where everybody is, today's order.

import { now, span, timeOfDay } from "./clock.js";
import { deed, opener } from "./deed.js";
import { element, testId } from "./dom.js";
import { buttonRow, joined, none, row } from "./rows.js";
import { visitButtons } from "./visit_buttons.js";
import { offers, say, word } from "./words.js";

const MINUTE_MS = 60_000;
const IN_HOUSE = ["arrived", "waiting", "called", "serving"];
const FIRST = ["waiting", "called", "arrived", "serving"];

export function waiting({ visits }, desk) {
  const open = visits
    .filter((visit) => IN_HOUSE.includes(visit.state))
    .sort((visit, other) => FIRST.indexOf(visit.state) - FIRST.indexOf(other.state) || (visit.came_at < other.came_at ? -1 : 1));
  const minute = Math.floor(now() / MINUTE_MS);
  return {
    key: [minute, open],
    nodes: () => [
      ...(open.length ? open.map((visit) => waitingRow(visit, desk)) : [none("waiting.none")]),
      buttonRow([opener("past_decisions", () => desk.disputes())]),
    ],
  };
}

function waitingRow(visit, desk) {
  const cameAt = Date.parse(visit.came_at);
  const since = say("waiting.since", { time: timeOfDay(cameAt), span: span(now() - cameAt) });
  const buttons = visitButtons(visit, desk);
  if (visit.rule) buttons.push(opener("why", () => desk.why(visit)));
  return row(
    visit.visit_id,
    visit.visitor ?? visit.plate ?? say("guest.nameless"),
    joined(visit.visitor && visit.plate, since, visit.host_name && say("guest.host", { name: visit.host_name })),
    buttons,
    word("state", visit.state),
  );
}

/** How the house stands, in four numbers. */
export function numbers({ visits, alerts }) {
  const of = (...states) => visits.filter((visit) => states.includes(visit.state));
  const waits = of("waiting", "called").map((visit) => now() - Date.parse(visit.came_at));
  const longest = waits.length ? span(Math.max(...waits)) : "—";
  const shown = { waiting: waits.length, serving: of("serving").length, unanswered: alerts.length, longest };
  return { key: shown, nodes: () => [strip(shown)] };
}

function strip(shown) {
  const made = testId(element("dl", "numbers"), "numbers");
  for (const [name, value] of Object.entries(shown)) {
    const one = element("div", `numbers__one numbers__one--${name}`);
    one.append(element("dt", "", say(`numbers.${name}`)), element("dd", "", String(value)));
    made.append(one);
  }
  return made;
}

export function calls({ alerts }) {
  const rungOf = ({ name, role, is_asked: isAsked }) => `${name ?? word("role", role)}${isAsked ? " ●" : " ✗"}`;
  const callRow = (alert) => {
    const made = row(alert.alert_id, alert.title, joined(alert.text, timeOfDay(Date.parse(alert.raised_at))));
    const asked = alert.rungs.length ? alert.rungs.map(rungOf).join(" → ") : `→ ${alert.name ?? word("role", alert.role)}`;
    made.append(element("p", "thing__asked", asked)); // a line of its own: it may be long
    return made;
  };
  return { key: alerts, nodes: () => alerts.map(callRow) };
}

/** Who was passed over today: the place is theirs again if the manager takes it back. */
export function skips({ skips: lines }, desk) {
  const skipRow = (skip) =>
    row(`skip-${skip.staff_id}`, skip.name, say("skip.of", { visitor: skip.visitor ?? say("guest.nameless") }), [
      opener("take_back_skip", () => desk.open("take_back_skip", skip)),
    ]);
  return { key: lines, nodes: () => lines.map(skipRow) };
}

export function people({ posts }, desk) {
  return { key: posts, nodes: () => posts.map((person) => personRow(person, desk)) };
}

function personRow(person, desk) {
  const isConsultant = person.roles.includes("consultant");
  const grant = () => desk.report("away", {}, { for_staff_id: person.staff_id, is_excused: true });
  const buttons = [];
  if (isConsultant && ["here", "called", "away"].includes(person.post)) buttons.push(deed("grant_leave", grant));
  if (person.post === "called") {
    buttons.push(opener("stand_in_for", () => desk.open("stand_in", person)));
  }
  const since = person.since && say("turn.since", { time: timeOfDay(Date.parse(person.since)) });
  const details = [
    person.roles.map((role) => word("role", role)).join(say("list.comma")),
    since,
    reasonOf(person),
    say(person.is_online ? "people.online" : "people.offline"),
  ];
  return row(person.staff_id, person.name, joined(...details), buttons, word("post", person.post));
}

const reasonOf = ({ note }) => offers.away_reasons.find(([reason]) => reason === note)?.[1] ?? note;

export function setOrder({ line, posts }, desk) {
  const post = (turn) => posts.find((person) => person.staff_id === turn.staff_id)?.post ?? "here";
  const mark = (turn) => (post(turn) === "here" ? "" : word("post", post(turn)));
  const placeRow = (turn, place) => row(`place-${place + 1}`, `${place + 1} · ${turn.name}`, "", [], mark(turn));
  return {
    key: [line, line.map(post)],
    nodes: () => [...line.map(placeRow), buttonRow([opener("set_order", () => desk.open("set_order")), opener("close_day", () => desk.open("close_day"))])],
  };
}
