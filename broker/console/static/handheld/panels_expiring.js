// The consultant's own customers whose protection ends soon: to be called before it is too late.

import { joined, row } from "./rows.js";
import { say } from "./words.js";

export function expiring({ expiring: lines = [] }) {
  return { key: lines, nodes: () => lines.map(customerRow) };
}

function customerRow({ registration_id: id, visitor, phone, plates, last_day: day, days_left: days }) {
  const title = visitor ?? phone ?? plates[0] ?? say("guest.nameless");
  const until = say(days === 0 ? "expiring.today" : "expiring.days", { day: day.slice(5), days });
  return row(id, title, joined(visitor && phone, ...plates, until));
}
