// The posts' panels: cars at the gate, visitors on their way, who is expected today.

import { correctButtons } from "./actions.js";
import { timeOfDay } from "./clock.js";
import { deed, opener } from "./deed.js";
import { buttonRow, joined, none, row } from "./rows.js";
import { say, word } from "./words.js";

const SHOWN = 6;

export function cars({ cars: seen }, desk) {
  const shown = seen.slice(0, SHOWN);
  const carRow = (car) =>
    row(
      car.arrival_id,
      car.plate,
      timeOfDay(Date.parse(car.seen_at)),
      correctButtons(desk, car),
      car.is_uncertain ? say("cars.uncertain") : "",
    );
  return {
    key: shown,
    nodes: () => [
      buttonRow([deed("no_plate", () => desk.report("no_plate"))]),
      ...(shown.length ? shown.map(carRow) : [none("cars.none")]),
    ],
  };
}

export function guests({ visits }, desk) {
  const open = visits.filter((visit) => visit.state !== "finished").slice(0, SHOWN);
  const guestRow = (visit) =>
    row(
      visit.visit_id,
      visit.plate ?? visit.visitor ?? say("guest.nameless"),
      joined(
        timeOfDay(Date.parse(visit.came_at)),
        visit.plate && visit.visitor,
        word("state", visit.state),
        visit.host_name && say("guest.host", { name: visit.host_name }),
      ),
      [opener("greeted", () => desk.open("greeted", visit))],
    );
  return { key: open, nodes: () => (open.length ? open.map(guestRow) : [none("guest.none")]) };
}

export function expected({ expected: seen }) {
  const time = (text) => timeOfDay(Date.parse(text));
  const expectedRow = (guest, place) =>
    row(
      `expected-${place}`,
      joined(guest.name ?? say(`expected.${guest.kind}`), guest.plates.join(" ")),
      joined(
        guest.ends_at ? `${time(guest.starts_at)}–${time(guest.ends_at)}` : time(guest.starts_at),
        guest.host_name && say("guest.host", { name: guest.host_name }),
        guest.has_come && say("expected.come"),
      ),
      [],
      guest.level ? `VIP ${guest.level}` : say(`expected.${guest.kind}`),
    );
  return { key: seen, nodes: () => (seen.length ? seen.map(expectedRow) : [none("expected.none")]) };
}
