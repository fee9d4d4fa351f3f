// The phone's tabs: one is shown, each says by a badge how much in it waits.

import { part } from "./dom.js";
import { fit } from "./paging.js";

export class Tabs {
  /** A tab without panels is not offered. */
  constructor(panels) {
    for (const tab of ["people", "line"]) document.querySelector(`[data-tab-of=${tab}]`).hidden = !panels.has(tab);
    this.buttons = [...document.querySelectorAll("[data-tab-of]")];
    for (const button of this.buttons) button.addEventListener("click", () => this.show(button.dataset.tabOf));
    this.show("alerts");
  }

  show(name) {
    this.name = name;
    document.body.dataset.tab = name;
    document.querySelectorAll("[data-tab]").forEach((section) => (section.hidden = section.dataset.tab !== name));
    for (const button of this.buttons) {
      if (button.dataset.tabOf === name) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    scrollTo(0, 0);
    fit();
  }

  /** How much waits in the tab `name`; nothing: no badge. */
  badge(name, count) {
    const badge = part(`badge-${name}`);
    if (!badge) return;
    badge.hidden = !count;
    badge.textContent = count > 99 ? "99+" : String(count);
  }
}
