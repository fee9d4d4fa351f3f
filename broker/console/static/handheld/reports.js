// What a consultant reports with one tap: the reception is over, away, back.

import { WORDS } from "./words.js";

const SHOWN_MS = 2_000;

/** `send(kind)` says whether the report went out. */
export function offerReports(send) {
  for (const button of document.querySelectorAll("[data-report]")) {
    const words = button.textContent;
    button.addEventListener("click", () => {
      button.disabled = true; // a second tap by mistake would report twice
      button.textContent = send(button.dataset.report) ? WORDS.reported : WORDS.notReported;
      setTimeout(() => {
        button.disabled = false;
        button.textContent = words;
      }, SHOWN_MS);
    });
  }
}
