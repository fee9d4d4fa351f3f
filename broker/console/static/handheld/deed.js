// A button that sends a message and says for a moment whether it was sent, and what came back.

import { button, element, testId } from "./dom.js";
import { say } from "./words.js";
import { letUndo } from "./undo.js";

const SHOWN_MS = 2_000;
/** What nothing takes back: it waits for a moment in which it can be undone. */
const FINAL = ["finished", "no_plate", "left", "visitor_left", "leave", "take_over", "served", "duty_done", "duty_impossible", "duty_skip"];

/** `act()` comes to the outcome of the message, the name of a sentence, and to the hub's reply. */
export function deed(name, act, className = "button", values = {}) {
  const words = say(`act.${name}`, values);
  const said = element("span", "deed__said");
  const made = button(words, async () => {
    made.disabled = true; // a second tap would send it twice
    said.remove();
    if (!FINAL.includes(name) || (await letUndo(words))) await send();
    made.disabled = false;
    made.textContent = words;
  }, className);
  const send = async () => {
    const { outcome, reply } = await act();
    made.textContent = say(`act.${outcome}`);
    const shown = new Promise((done) => setTimeout(done, SHOWN_MS));
    said.textContent = (await reply) ?? "";
    if (said.textContent) made.after(said);
    await shown;
  };
  said.setAttribute("role", "alert");
  return testId(made, `do-${name}`);
}

/** A button that opens a form or an answer. */
export function opener(name, act, className = "button") {
  return testId(button(say(`act.${name}`), act, className), `do-${name}`);
}
