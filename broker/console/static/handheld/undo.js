// What can't be taken back waits for five seconds, in which one tap undoes it. Leaving the page sends it.

import { button, element, part, testId } from "./dom.js";
import { say } from "./words.js";

const UNDO_MS = 5_000;

let pending = null;

/** Comes to whether it shall be done: true after five seconds, false once it is undone. */
export function letUndo(words) {
  pending?.(true); // one at a time: who goes on is sure
  return new Promise((done) => {
    const place = part("toast");
    const end = (isMeant) => {
      clearTimeout(timer);
      pending = null;
      place.replaceChildren();
      done(isMeant);
    };
    const toast = testId(element("div", "toast"), "toast");
    toast.append(
      element("span", "toast__words", words),
      testId(button(say("act.undo"), () => end(false), "toast__button"), "undo"),
      testId(button(say("act.at_once"), () => end(true), "toast__button toast__button--quiet"), "at-once"),
    );
    place.replaceChildren(toast);
    const timer = setTimeout(() => end(true), UNDO_MS);
    pending = end;
  });
}

addEventListener("pagehide", () => pending?.(true));
document.addEventListener("visibilitychange", () => document.hidden && pending?.(true));
