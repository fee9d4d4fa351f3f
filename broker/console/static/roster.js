// The roster on paper: while its box is ticked, fetched anew and printed at each full hour, as long as the hub answers.

import { part } from "./handheld/dom.js";
import { recordAt } from "./handheld/reader.js";

const LOOK_EVERY_MS = 10_000;
const KEPT = "yingbin.roster.hourly";
const hourly = part("hourly");
let printedIn = new Date().getHours();

async function look() {
  const hour = new Date().getHours();
  if (hour === printedIn) return;
  const before = printedIn;
  printedIn = hour; // an answer that is slow is waited for once
  if (!hourly.checked) return;
  const fresh = await recordAt(location.href);
  if (!fresh) {
    printedIn = before; // the last sheet that was printed counts, until the hub answers
    return;
  }
  part("record").replaceWith(fresh);
  window.print();
}

hourly.checked = localStorage.getItem(KEPT) === "yes";
hourly.addEventListener("change", () => localStorage.setItem(KEPT, hourly.checked ? "yes" : "no"));
part("print").addEventListener("click", () => window.print());
setInterval(look, LOOK_EVERY_MS);
