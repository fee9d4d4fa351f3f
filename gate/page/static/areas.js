// Draws the areas on the newest picture, with finger, mouse or keys, and saves them.

import * as shapesIn from "./shapes.js";

const PICTURE_EVERY_MS = 1000;
const STATE_EVERY_MS = 2000;
const DISK_REFUSES = 507; // Insufficient Storage; the answer says so in words
const LEAST_SIDE_PX = 90;
const KEY_STEP = 0.01;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const page = document.getElementById("areas");
const stage = document.getElementById("stage");
const drawing = document.getElementById("drawing");
const said = document.getElementById("said");
const tools = [...document.querySelectorAll("[data-draw]")];
const button = (id) => document.getElementById(id);

let picture = document.getElementById("picture");
let saved = shapesIn.shapesOf(JSON.parse(page.dataset.areas));
let shapes = saved;
let selected = null; // an index in `shapes`
let drawn = null; // the kind of area that the next drag draws
let drag = null; // a function from a point to the shapes as they are now

// ---- what is shown

function draw() {
  const { clientWidth: width, clientHeight: height } = stage;
  drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  drawing.classList.toggle("is-drawing", drawn !== null);
  const px = ([x, y]) => [x * width, y * height];
  drawing.replaceChildren(...shapes.map((shape, index) => polygon(shape, index, px)));
  if (selected !== null && drawn === null) {
    const { corners } = shapes[selected];
    drawing.append(
      ...shapesIn.sides(corners).filter(({ ends }) => isLong(...ends.map(px)))
        .map(({ at, middle }) => handle("side", at, px(middle))),
      ...corners.map((corner, at) => handle("corner", at, px(corner))),
    );
  }
  for (const tool of tools) tool.setAttribute("aria-pressed", String(tool.dataset.draw === drawn));
  button("delete").disabled = selected === null;
  button("save").disabled = button("undo").disabled = shapes === saved;
}

function element(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function polygon({ kind, corners }, index, px) {
  const made = element("polygon", {
    class: `${kind}${index === selected ? " is-selected" : ""}`,
    points: corners.map(px).join(" "),
    tabindex: 0,
    role: "button",
    "aria-label": page.dataset[kind],
    "data-shape": index,
    "data-testid": kind,
  });
  return made;
}

/** Whether there is room for a finger between the handles at its ends. */
const isLong = ([x0, y0], [x1, y1]) => Math.hypot(x1 - x0, y1 - y0) >= LEAST_SIDE_PX;

/** A handle to drag: a small dot in a large invisible circle. */
function handle(part, at, [cx, cy]) {
  const group = element("g", { class: part, "data-part": part, "data-at": at });
  group.append(
    element("circle", { cx, cy, r: part === "corner" ? 26 : 20, class: "reach" }),
    element("circle", { cx, cy, r: part === "corner" ? 10 : 6 }),
  );
  return group;
}

function change(next, choose = selected) {
  [shapes, selected] = [next, choose];
  say(shapes === saved ? "" : page.dataset.unsaved);
  draw();
}

function say(text, isBad = false) {
  said.textContent = text;
  said.classList.toggle("problem", isBad);
}

// ---- drawing

function pointOf(event) {
  const { left, top, width, height } = stage.getBoundingClientRect();
  const share = (value) => Math.min(1, Math.max(0, value));
  return [share((event.clientX - left) / width), share((event.clientY - top) / height)];
}

const replaced = (index, corners) =>
  shapes.map((shape, at) => (at === index ? { ...shape, corners } : shape));

/** What a drag that begins here does. */
function dragFrom(target, start) {
  const before = shapes;
  if (drawn !== null) {
    const kind = drawn;
    return (point) => {
      const corners = shapesIn.rectangle(start, point);
      const next = corners ? shapesIn.withShape(before, { kind, corners }) : before;
      change(next, corners ? next.findIndex((shape) => shape.corners === corners) : null);
    };
  }
  const held = target.closest("[data-part]");
  if (held) {
    const isSide = held.dataset.part === "side";
    const at = Number(held.dataset.at) + (isSide ? 1 : 0);
    const { corners } = shapes[selected];
    const from = isSide ? shapesIn.withMiddle(corners, at - 1) : corners;
    return (point) => change(replaced(selected, shapesIn.withCorner(from, at, point)));
  }
  const shape = target.closest("[data-shape]");
  change(shapes, shape ? Number(shape.dataset.shape) : null);
  if (!shape) return null;
  const { corners } = shapes[selected];
  return ([x, y]) =>
    change(replaced(selected, shapesIn.moved(corners, x - start[0], y - start[1])));
}

drawing.addEventListener("pointerdown", (event) => {
  if (!event.isPrimary || event.button !== 0) return;
  drag = dragFrom(event.target, pointOf(event));
  if (drag) drawing.setPointerCapture(event.pointerId);
});
drawing.addEventListener("pointermove", (event) => {
  if (drag && event.isPrimary) drag(pointOf(event));
});
for (const end of ["pointerup", "pointercancel"]) {
  drawing.addEventListener(end, () => {
    if (drag && selected !== null) drawn = null;
    drag = null;
    draw();
  });
}
drawing.addEventListener("focusin", (event) => {
  const index = Number(event.target.dataset.shape);
  if (index === selected || drag) return;
  change(shapes, index);
  drawing.querySelector(`[data-shape="${index}"]`).focus();
});
drawing.addEventListener("keydown", (event) => {
  if (selected === null) return;
  if (event.key === "Delete" || event.key === "Backspace") return remove();
  const arrow = ARROWS[event.key];
  if (!arrow) return;
  event.preventDefault();
  const [dx, dy] = arrow.map((step) => step * KEY_STEP);
  change(replaced(selected, shapesIn.moved(shapes[selected].corners, dx, dy)));
  drawing.querySelector(`[data-shape="${selected}"]`).focus();
});

for (const tool of tools) {
  tool.addEventListener("click", () => {
    drawn = drawn === tool.dataset.draw ? null : tool.dataset.draw;
    change(shapes, null);
  });
}

function remove() {
  change(shapes.filter((_, at) => at !== selected), null);
}

button("delete").addEventListener("click", remove);
button("undo").addEventListener("click", () => change(saved, null));
button("save").addEventListener("click", async () => {
  const kept = shapes;
  const answer = await fetch(page.dataset.keep, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": page.dataset.csrf },
    body: JSON.stringify(shapesIn.areasOf(kept)),
  }).catch(() => null);
  if (answer?.ok) {
    saved = kept;
    draw();
  }
  const isTold = answer?.ok || answer?.status === DISK_REFUSES;
  say(isTold ? await answer.text() : page.dataset.refused, !answer?.ok);
});
window.addEventListener("beforeunload", (event) => {
  if (shapes !== saved) event.preventDefault();
});

// ---- the picture and the camera's state, renewed while the page is visible

function again(task, afterMs) {
  const turn = async () => {
    if (!document.hidden) await task();
    setTimeout(turn, afterMs);
  };
  turn();
}

again(async () => {
  const next = picture.cloneNode();
  next.src = `${page.dataset.picture}?${Date.now()}`;
  try {
    await next.decode();
  } catch {
    return; // no picture yet, or the gate is away: the state says so
  }
  [next.width, next.height] = [next.naturalWidth, next.naturalHeight];
  picture.replaceWith(next);
  picture = next;
}, PICTURE_EVERY_MS);

again(async () => {
  const answer = await fetch(page.dataset.state).catch(() => null);
  if (answer?.status === 401) location.reload();
  const state = answer?.ok ? await answer.json() : { text: page.dataset.unreachable };
  const shown = button("state");
  shown.textContent = state.text;
  shown.classList.toggle("is-well", Boolean(state.is_well));
}, STATE_EVERY_MS);

new ResizeObserver(draw).observe(stage);
draw();
