// A page of evidence: printed, kept fresh while it is read, and for the manager ruled from.

import { part } from "./handheld/dom.js";
import { recordAt } from "./handheld/reader.js";

const EVERY_MS = 3_000;

part("print")?.addEventListener("click", () => window.print());

/** Show what has been added since the page was opened, such as a ruling. */
async function refresh() {
  if (document.hidden) return;
  const fresh = await recordAt(location.href);
  const shown = part("record");
  if (fresh && fresh.querySelector("ol")?.isEqualNode(shown.querySelector("ol")) === false) shown.replaceWith(fresh);
}

async function openRuling(button) {
  const { openDesk } = await import("./handheld/desk_link.js");
  const desk = await openDesk(() => {});
  button.addEventListener("click", () => {
    const { visit, mark } = part("record").dataset;
    desk.open("ruling", { visit_id: visit, mark });
  });
  button.disabled = false;
}

if (part("record")?.dataset.visit) setInterval(refresh, EVERY_MS);
if (part("rule")) openRuling(part("rule"));
