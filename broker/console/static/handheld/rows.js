// The rows that panels are made of.

import { element, testId } from "./dom.js";
import { say } from "./words.js";

/** A row: a title, a line of details below, and buttons. */
export function row(id, title, detail, buttons = [], mark = "") {
  const made = testId(element("article", "thing"), `thing-${id}`);
  const head = element("p", "thing__title", title);
  if (mark) head.append(element("span", "thing__mark", mark));
  made.append(head);
  if (detail) made.append(element("p", "thing__detail", detail));
  if (buttons.length) made.append(buttonRow(buttons));
  return made;
}

export function buttonRow(buttons) {
  const made = element("div", "thing__buttons");
  made.append(...buttons);
  return made;
}

export const none = (key) => element("p", "thing__none", say(key));

/** The parts that are not empty, with a dot between them. */
export const joined = (...parts) => parts.filter(Boolean).join(" · ");
