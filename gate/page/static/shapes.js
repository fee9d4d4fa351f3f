// The areas while they are drawn, in shares of the picture. Pure: no page, no server.

const LEAST = 0.03; // a smaller drag is a tap

/** What the server keeps, as a list: the region first, so that ignored areas lie above it. */
export function shapesOf(areas) {
  const region = areas.region ? [{ kind: "region", corners: areas.region }] : [];
  return [...region, ...areas.ignored.map((corners) => ({ kind: "ignored", corners }))];
}

/** The list as the server keeps it. */
export function areasOf(shapes) {
  const of = (kind) => shapes.filter((shape) => shape.kind === kind).map((shape) => shape.corners);
  return { region: of("region")[0] ?? null, ignored: of("ignored") };
}

/** `shapes` with a new one; a new region replaces the old one. */
export function withShape(shapes, added) {
  const kept = added.kind === "region" ? shapes.filter(({ kind }) => kind !== "region") : shapes;
  return added.kind === "region" ? [added, ...kept] : [...kept, added];
}

/** The rectangle between two points; null: it is too small to be intended. */
export function rectangle([x0, y0], [x1, y1]) {
  if (Math.abs(x1 - x0) < LEAST || Math.abs(y1 - y0) < LEAST) return null;
  const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)];
  const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1)];
  return [[left, top], [right, top], [right, bottom], [left, bottom]];
}

/** `corners` moved as far as the picture's edge allows. */
export function moved(corners, dx, dy) {
  const within = (step, values) =>
    Math.min(Math.max(step, -Math.min(...values)), 1 - Math.max(...values));
  const x = within(dx, corners.map((corner) => corner[0]));
  const y = within(dy, corners.map((corner) => corner[1]));
  return corners.map((corner) => [corner[0] + x, corner[1] + y]);
}

/** `corners` with the corner at `index` moved. */
export function withCorner(corners, index, point) {
  return corners.map((corner, at) => (at === index ? point : corner));
}

/** The sides: the index where each begins, its ends and its middle. */
export function sides(corners) {
  return corners.map((start, at) => {
    const end = corners[(at + 1) % corners.length];
    const middle = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
    return { at, ends: [start, end], middle };
  });
}

/** `corners` with another corner after `at`, in the middle of that side. */
export function withMiddle(corners, at) {
  return [...corners.slice(0, at + 1), sides(corners)[at].middle, ...corners.slice(at + 1)];
}
