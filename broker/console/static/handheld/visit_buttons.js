// The buttons of a visit: the server says which this person gets (broker/console/visit_deeds.py).

import { deed, opener } from "./deed.js";

const opens = (name) => (visit, desk) => opener(name, () => desk.open(name, visit));
const reports = (name, kind = name) => (visit, desk) => deed(name, () => desk.report(kind, visit));

const BUTTONS = {
  take_over: reports("take_over"),
  visitor_left: reports("visitor_left", "left"),
  still_here: reports("still_here"),
  owner_found: opens("owner_found"),
  hand_over: opens("hand_over"),
  family: opens("family"),
  claim_visitor: opens("claim_visitor"),
  ruling: opens("ruling"),
  dispute: (visit, desk) => opener("dispute", () => desk.dispute(visit)),
};

export const visitButtons = (visit, desk) =>
  visit.deeds.filter((name) => name in BUTTONS).map((name) => BUTTONS[name](visit, desk));
