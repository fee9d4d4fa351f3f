// A button that sends a message and says for a moment whether it was sent.

import { button, testId } from "./dom.js";
import { say } from "./words.js";

const SHOWN_MS = 2_000;

/** `act()` comes to what became of the message: `sent`, `kept` …, the names of sentences. */
export function deed(name, act, className = "button", values = {}) {
  const words = say(`act.${name}`, values);
  const made = button(words, async () => {
    made.disabled = true; // a second tap would send it twice
    made.textContent = say(`act.${await act()}`);
    setTimeout(() => {
      made.disabled = false;
      made.textContent = words;
    }, SHOWN_MS);
  }, className);
  return testId(made, `do-${name}`);
}

/** A button that opens a form or an answer. */
export function opener(name, act, className = "button") {
  return testId(button(say(`act.${name}`), act, className), `do-${name}`);
}
