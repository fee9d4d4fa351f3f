// Today's order of consultants: everybody is shown, those in line first. Rows are dragged by their handle, or moved
// by their arrows; a tap on a name takes them out or in. Who would be dropped is asked about.

import { button, element, testId } from "./dom.js";
import { say } from "./words.js";

export function lineField(name, people, line) {
  const placeOf = ({ staff_id: id }) => line.findIndex((turn) => turn.staff_id === id);
  const isInLine = (person) => person.post !== "off" || placeOf(person) >= 0;
  const rank = (person) => (placeOf(person) >= 0 ? placeOf(person) : isInLine(person) ? line.length : line.length + 1);
  const list = element("ol", "places");
  const rows = new Map();
  let askedAbout = "";

  for (const person of [...people].sort((one, other) => rank(one) - rank(other))) {
    const row = placeRow(person, isInLine(person), number);
    rows.set(row, person);
    list.append(row);
  }
  number();

  const chosen = () => [...list.children].filter(isIn).map((row) => rows.get(row).staff_id);

  /** Each of those who are in has the number of their place. */
  function number() {
    let place = 0;
    for (const row of list.children) {
      row.firstChild.textContent = isIn(row) ? `${++place} · ${rows.get(row).name}` : rows.get(row).name;
    }
  }

  return {
    node: list,
    value: () => ({ [name]: chosen() }),
    problem: () => {
      const order = chosen();
      if (!order.length) return say("form.choose", { field: say(`field.${name}`) });
      const dropped = people.filter((person) => isInLine(person) && !order.includes(person.staff_id));
      const names = dropped.map((person) => person.name).join(say("list.comma"));
      if (names === askedAbout) return null;
      askedAbout = names;
      return names ? say("form.set_order_drops", { names, count: dropped.length }) : null;
    },
  };
}

const isIn = (row) => row.firstChild.getAttribute("aria-pressed") === "true";

function placeRow(person, isInLine, moved) {
  const row = testId(element("li", "places__one"), `place-of-${person.staff_id}`);
  const chip = button("", () => toggle(), "chip places__name");
  chip.dataset.value = person.staff_id;
  const toggle = (on = !isIn(row)) => {
    chip.setAttribute("aria-pressed", String(on));
    moved();
  };
  chip.setAttribute("aria-pressed", String(isInLine));
  const up = step("▲", "up", () => row.previousElementSibling?.before(row));
  const down = step("▼", "down", () => row.nextElementSibling?.after(row));
  row.append(chip, up, down, handle(row, moved));

  function step(sign, way, move) {
    const made = testId(button(sign, () => {
      move();
      made.focus();
      moved();
    }, "chip places__step"), way);
    made.setAttribute("aria-label", say(way === "up" ? "form.move_up" : "form.move_down", { name: person.name }));
    return made;
  }

  return row;
}

/** Follows the finger: the row goes before or behind each row that it is drawn over. */
function handle(row, moved) {
  const made = testId(element("span", "chip places__handle", "≡"), "handle");
  made.setAttribute("aria-hidden", "true"); // the arrows do the same
  let isHeld = false;
  made.addEventListener("pointerdown", (event) => {
    isHeld = true;
    made.setPointerCapture(event.pointerId);
    row.classList.add("places__one--moved");
    event.preventDefault();
  });
  made.addEventListener("pointermove", ({ clientY }) => {
    if (!isHeld) return;
    const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
    const { previousElementSibling: above, nextElementSibling: below } = row;
    if (above && clientY < middle(above)) above.before(row);
    else if (below && clientY > middle(below)) below.after(row);
    else return;
    moved();
  });
  const release = () => {
    isHeld = false;
    row.classList.remove("places__one--moved");
  };
  made.addEventListener("pointerup", release);
  made.addEventListener("pointercancel", release);
  return made;
}
