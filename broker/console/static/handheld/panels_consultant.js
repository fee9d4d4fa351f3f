// The consultant's panels: own visitors, own place in the line and why, looking a customer up.

import { timeOfDay } from "./clock.js";
import { deed, opener } from "./deed.js";
import { element, testId } from "./dom.js";
import { buttonRow, joined, none, row } from "./rows.js";
import { visitButtons } from "./visit_buttons.js";
import { say, word } from "./words.js";

const MINE = ["take_over", "dispute"]; // such a visit is this person's to act on: it stands first
const IN_HOUSE = ["called", "serving"];

export function mine({ visits }, desk) {
  const own = visits.filter((visit) => visit.is_host && IN_HOUSE.includes(visit.state));
  return { key: own, nodes: () => own.map((visit) => ownRow(visit, desk)) };
}

/** Whom this person received today: to be entered or looked at once more. */
export function today({ visits }, desk) {
  const over = visits.filter((visit) => visit.is_host && visit.state === "finished");
  const todayRow = (visit) =>
    row(
      visit.visit_id,
      visit.visitor ?? visit.plate ?? say("guest.nameless"),
      joined(timeOfDay(Date.parse(visit.came_at)), visit.visitor && visit.plate, visit.phone),
      [opener("register", () => desk.open("register", visit)), opener("wishes", () => desk.open("wishes", visit)), ...visitButtons(visit, desk), opener("why_me", () => desk.why(visit))],
    );
  return { key: over, nodes: () => (over.length ? over.map(todayRow) : [none("today.none")]) };
}

function ownRow(visit, desk) {
  const open = (name) => opener(name, () => desk.open(name, visit));
  const isServing = visit.state === "serving";
  return row(
    visit.visit_id,
    visit.visitor ?? visit.plate ?? say("guest.nameless"),
    joined(visit.visitor && visit.plate, visit.phone, timeOfDay(Date.parse(visit.came_at)), word("state", visit.state)),
    [
      isServing
        ? deed("finished", () => desk.report("finished", visit))
        : deed("serving", () => desk.report("serving", visit)),
      open("register"),
      open("seated"),
      open("showflat"),
      open("cart"),
      ...visitButtons(visit, desk),
      opener("why_me", () => desk.why(visit)),
    ],
  );
}

export function turn({ line, me, visits }, desk) {
  const isTheirs = (visit) => visit.deeds.some((deed) => MINE.includes(deed));
  const decided = visits.filter((visit) => !visit.is_host && visit.rule);
  const others = [...decided.filter(isTheirs), ...decided.filter((visit) => !isTheirs(visit))];
  const key = [line, me, others];
  return { key, nodes: () => [place(line, me), postButtons(me, desk), ...others.map((visit) => whyRow(visit, desk)), buttonRow([opener("disputes", () => desk.disputes())])] };
}

function place(line, me) {
  const index = line.findIndex((turn) => turn.staff_id === me.staff_id);
  const made = testId(element("p", "place"), "place");
  const words = index < 0 ? say(`turn.out_${me.post}`) : say("turn.place", { place: index + 1, count: line.length });
  const since = me.since ? say("turn.since", { time: timeOfDay(Date.parse(me.since)) }) : "";
  made.append(element("strong", "place__number", words));
  made.append(element("span", "place__post", joined(word("post", me.post), since)));
  if (line[index]?.note === "resting") made.append(element("span", "place__post", say("turn.resting")));
  return made;
}

function postButtons(me, desk) {
  if (me.post === "off") return buttonRow([deed("join", () => desk.report("join"))]);
  const isAway = ["away", "excused"].includes(me.post);
  return buttonRow([
    isAway ? deed("back", () => desk.report("back")) : opener("away", () => desk.open("away")),
    deed("leave", () => desk.report("leave")),
  ]);
}

function whyRow(visit, desk) {
  return row(
    visit.visit_id,
    joined(timeOfDay(Date.parse(visit.came_at)), visit.visitor ?? visit.plate ?? say("guest.nameless")),
    visit.host_name ? say("guest.host", { name: visit.host_name }) : word("state", visit.state),
    [...visitButtons(visit, desk), opener("why_not_me", () => desk.why(visit))],
  );
}

export function lookUp(_seen, desk) {
  return { key: 0, nodes: () => [none("look_up.note"), buttonRow([opener("look_up", () => desk.open("look_up"))])] };
}
