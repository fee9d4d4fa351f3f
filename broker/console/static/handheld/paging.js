// Lists that do not grow without end: a few rows, more at a tap, and words to find one by.

import { button, element, testId } from "./dom.js";
import { say } from "./words.js";

const SEARCH_FROM = 10; // so many rows are no longer read one by one
const SCREENS = 2; // no tab of a phone is longer
const places = new Set();

/** Put `rows` into `place`, `page` of them; what was opened or searched for there stays so. */
export function paged(place, rows, page) {
  const before = place.paging;
  const isOpened = before?.page === page && before.isOpened;
  const paging = { page, isOpened, count: isOpened ? before.count : page, query: before?.query ?? "" };
  const list = element("div", "paged");
  const draw = () => {
    const found = rows.filter((row) => row.textContent.toLowerCase().includes(paging.query));
    const rest = found.length - paging.count;
    const more = button(say("list.more", { count: rest }), () => {
      Object.assign(paging, { isOpened: true, count: paging.count + Math.max(page, 10) });
      draw();
    }, "button more");
    list.replaceChildren(...found.slice(0, paging.count), ...(rest > 0 ? [testId(more, "more")] : []));
    if (found.length === 0 && rows.length) list.append(element("p", "thing__none", say("list.nothing_found")));
    paging.shown = Math.min(paging.count, found.length);
  };
  place.paging = Object.assign(paging, { draw });
  places.add(place);
  draw();
  place.replaceChildren(...(rows.length >= SEARCH_FROM ? [searchField(paging, draw)] : []), list);
}

/** While the page is too long the fullest list gives a row, but never under a hand that is at it. */
export function fit() {
  const isTooLong = () => document.documentElement.scrollHeight > SCREENS * innerHeight;
  if (scrollY > 0 || !isTooLong()) return;
  const isFree = (place) => place.getClientRects().length && !place.contains(document.activeElement);
  const lists = [...places].filter(isFree).map(({ paging }) => paging);
  while (isTooLong()) {
    const free = lists.filter(({ isOpened, query, shown }) => !isOpened && !query && shown > 0);
    if (free.length === 0) return;
    const fullest = free.reduce((best, other) => (other.shown >= best.shown ? other : best));
    fullest.count = fullest.shown - 1;
    fullest.draw();
  }
}

function searchField(paging, draw) {
  const field = testId(element("input", "field__text search"), "search");
  Object.assign(field, { type: "search", value: paging.query, placeholder: say("list.search"), autocomplete: "off" });
  field.setAttribute("aria-label", say("list.search"));
  field.addEventListener("input", () => {
    paging.query = field.value.trim().toLowerCase();
    draw();
  });
  return field;
}
