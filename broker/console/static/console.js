// Updates the manager's console, says since when it is out of date, and sends what is decided.

import { openDesk } from "./handheld/desk_link.js";
import { part } from "./handheld/dom.js";
import { Panels } from "./handheld/panels.js";
import { say } from "./handheld/words.js";

const EVERY_MS = 3_000;
const live = part("live");
const fresh = part("fresh");

const siteTime = () => part("at").textContent; // when the last good answer was made

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(live.dataset.url, { cache: "no-store", credentials: "same-origin" });
    if (answer.status === 401) location.assign("/login?to=console&why=ended");
    if (!answer.ok) throw new Error(String(answer.status));
    live.innerHTML = await answer.text(); // from our own server, which escapes every text
    fresh.textContent = say("console.fresh", { time: siteTime() });
    fresh.classList.remove("is-lost");
  } catch {
    fresh.textContent = say("console.lost", { time: siteTime() });
    fresh.classList.add("is-lost");
  }
}

/** The manager's panels, drawn as soon as the site is known. */
async function openPanels() {
  let panels = null;
  const desk = await openDesk((site) => panels?.draw(site));
  panels = new Panels(document.body.dataset.panels.split(" "), desk);
  panels.draw(desk.site);
  live.addEventListener("click", ({ target }) => confirmClock(target, desk));
}

/** The manager says that the machine's clock, as the page shows it, is right. */
function confirmClock(target, desk) {
  const shown = target.dataset.confirmClock;
  if (shown && desk.report("confirm_clock", {}, { note: shown })) target.disabled = true;
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
openPanels();
