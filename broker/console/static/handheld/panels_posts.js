// The posts' panels: cars at the gate, visitors on their way, who is expected today.

import { correctButtons } from "./actions.js";
import { now, span, timeOfDay } from "./clock.js";
import { deed, opener } from "./deed.js";
import { element } from "./dom.js";
import { buttonRow, joined, none, row } from "./rows.js";
import { offers, say, word } from "./words.js";

const TICK_MS = 10_000;

export function cars({ cars: seen }, desk) {
  const carRow = (car) =>
    row(
      car.arrival_id,
      car.plate,
      timeOfDay(Date.parse(car.seen_at)),
      correctButtons(desk, car),
      car.is_uncertain ? say("cars.uncertain") : "",
    );
  return {
    key: seen,
    nodes: () => [
      buttonRow([deed("no_plate", () => desk.report("no_plate"))]),
      ...(seen.length ? seen.map(carRow) : [none("cars.none")]),
    ],
  };
}

export function guests({ visits }, desk) {
  const open = visits.filter((visit) => visit.state !== "finished");
  return { key: open, nodes: () => (open.length ? open.map((visit) => guestRow(visit, desk)) : [none("guest.none")]) };
}

function guestRow(visit, desk) {
  return row(
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
}

/** What a post at a door calls out: somebody forces their way in, a visitor walks on. */
export function watch({ me }, desk) {
  const here = me.roles.find((role) => role !== "manager") ?? me.roles[0];
  const exempt = (offers.exempt ?? []).map(([, name]) => name);
  const nodes = () => [
    buttonRow([
      opener("sent_on", () => desk.open("sent_on")),
      opener("weather", () => desk.open("weather")),
      deed("forced_entry", () => desk.report("forced_entry", {}, { post: here }), "button button--bad"),
    ]),
    ...(exempt.length ? [element("p", "thing__detail", say("guest.exempt", { names: exempt.join(say("list.comma")) }))] : []),
  ];
  return { key: me.roles, nodes };
}

/** The cars that stand here, each with its people. */
export function parked({ visits }, desk) {
  const here = visits.filter((visit) => visit.plate && visit.state !== "finished");
  return { key: here, nodes: () => (here.length ? here.map((visit) => guestRow(visit, desk)) : [none("parked.none")]) };
}

/** What the bar has to bring: a glass of a kind once, with how many. */
export function orders({ orders: open = [] }, desk) {
  const orderRow = (order) =>
    row(
      `order-${order.visit_id}`,
      counted(order.drinks),
      joined(order.place, order.visitor),
      [deed("served", () => desk.report("served", order))],
      say("orders.waited", { span: span(now() - Date.parse(order.since)) }),
    );
  const seconds = Math.floor(now() / TICK_MS);
  return { key: [open, open.length && seconds], nodes: () => (open.length ? open.map(orderRow) : [none("orders.none")]) };
}

function counted(drinks) {
  const counts = new Map();
  for (const drink of drinks) counts.set(drink, (counts.get(drink) ?? 0) + 1);
  return [...counts].map(([drink, count]) => (count > 1 ? `${drink} ×${count}` : drink)).join(say("list.comma"));
}

function invitation({ booking_id }) {
  const way = element("a", "button", say("expected.invite"));
  way.href = `/invitations/${encodeURIComponent(booking_id)}`;
  Object.assign(way, { target: "_blank", rel: "noopener" });
  return way;
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
      guest.booking_id && !guest.has_come ? [invitation(guest)] : [],
      guest.level ? `VIP ${guest.level}` : say(`expected.${guest.kind}`),
    );
  return { key: seen, nodes: () => (seen.length ? seen.map(expectedRow) : [none("expected.none")]) };
}
