// Lists that do not grow without end: a few rows, more at a tap, and words to find one by.

import { button, element, testId } from "./dom.js";
import { say } from "./words.js";

const SEARCH_FROM = 10; // so many rows are no longer read one by one

/** Put `rows` into `place`, `page` of them; what was opened or searched for there stays so. */
export function paged(place, rows, page) {
  if (place.paging?.page !== page) place.paging = { page, count: page, query: place.paging?.query ?? "" };
  const { paging } = place;
  const list = element("div", "paged");
  const draw = () => {
    const found = rows.filter((row) => row.textContent.toLowerCase().includes(paging.query));
    const rest = found.length - paging.count;
    const more = button(say("list.more", { count: rest }), () => {
      paging.count += Math.max(page, 10);
      draw();
    }, "button more");
    list.replaceChildren(...found.slice(0, paging.count), ...(rest > 0 ? [testId(more, "more")] : []));
    if (found.length === 0 && rows.length) list.append(element("p", "thing__none", say("list.nothing_found")));
  };
  draw();
  place.replaceChildren(...(rows.length >= SEARCH_FROM ? [searchField(paging, draw)] : []), list);
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
