// Updates the manager's console, says since when it is out of date, and sends what is decided.

import { accountInTheEnd } from "./handheld/account.js";
import { setClock } from "./handheld/clock.js";
import { Desk } from "./handheld/desk.js";
import { part } from "./handheld/dom.js";
import { newId } from "./handheld/ids.js";
import { Link } from "./handheld/link.js";
import { Panels } from "./handheld/panels.js";
import { Site } from "./handheld/site.js";
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

/** The manager's panels. The console is not a handheld: it never rings and sends no presence. */
async function openDesk() {
  const account = await accountInTheEnd();
  setClock(account.server_time, account.zone);
  const tell = (isConnected) => (document.body.dataset.connected = String(isConnected));
  const on = { up: () => tell(true), down: () => tell(false), message: () => {} };
  const refused = () => location.assign("/login?to=console&why=refused");
  const link = new Link(account, `desk-${newId(Date.now()).slice(-12)}`, { ...on, refused }, false);
  link.open();
  const site = new Site(() => panels.draw(site));
  const desk = new Desk({ staffId: account.staff_id }, site, () => link);
  const panels = new Panels(document.body.dataset.panels.split(" "), desk);
  await site.ask();
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
openDesk();
