// The bar that stays on top, whatever is read, while something rings that cannot be seen.

import { now, span } from "./clock.js";
import { claimWords } from "./actions.js";
import { element, part, testId } from "./dom.js";
import { inOwnWords, say } from "./words.js";

const SWAP_GUARD_MS = 500; // a tap that is under way must not answer an alert that just appeared

export class RingBar {
  /** `on` has show(), which leads to the card, and answer(id, answer). */
  constructor(on) {
    this.on = on;
    this.id = null;
    this.node = testId(element("div", "ring-bar"), "ring-bar");
    this.node.setAttribute("role", "alert");
    this.show = testId(element("button", "ring-bar__show"), "ring-show");
    this.claim = testId(element("button", "ring-bar__claim"), "ring-claim");
    this.show.type = this.claim.type = "button";
    this.what = element("strong");
    this.since = element("span", "ring-bar__since");
    this.show.append(this.what, this.since);
    this.node.append(this.show, this.claim);
    this.node.hidden = true;
    this.show.addEventListener("click", () => on.show());
    this.claim.addEventListener("click", () => on.answer(this.id, "claim"));
    addEventListener("scroll", () => this.draw(this.item), { passive: true });
  }

  /** `item` rings; null: nothing does. */
  draw(item) {
    this.item = item;
    const sheet = part("sheet");
    const place = sheet?.open ? sheet : part("ring");
    if (this.node.parentElement !== place) place.prepend(this.node);
    this.node.hidden = !item || (!sheet?.open && isSeen(item));
    if (!item) this.id = null;
    if (this.node.hidden) return;
    const alert = inOwnWords(item.alert);
    this.what.textContent = [alert.plate, alert.visitor].filter(Boolean).join(" ") || alert.title;
    this.since.textContent = `${alert.title} · ${span(now() - Date.parse(alert.raised_at))}`;
    const words = claimWords(alert);
    this.claim.hidden = !words;
    if (words) this.claim.textContent = say(words);
    if (this.id !== alert.alert_id) this.guard();
    this.id = alert.alert_id;
  }

  guard() {
    this.claim.disabled = true;
    setTimeout(() => (this.claim.disabled = false), SWAP_GUARD_MS);
  }
}

/** Whether the large card of `item` and its first button are on the screen. */
function isSeen({ alert }) {
  const button = document.querySelector(`.card[data-alert-id="${alert.alert_id}"] .claim`);
  if (!button) return false;
  const { top, bottom, height } = button.getBoundingClientRect();
  return height > 0 && top >= 0 && bottom <= innerHeight;
}
