// Shows what waits for the hub and why, and what the hub would not do. Nothing waits: nothing is shown.

import { now, timeOfDay } from "./clock.js";
import { button, element, part, testId } from "./dom.js";
import { isTooLate, titleOf } from "./messages.js";
import { joined } from "./rows.js";
import { say } from "./words.js";

const SHOWN_AFTER_MS = 2_000; // most are with the hub sooner: no line flashes up at each tap

export class Unsent {
  /** `remove(item)` forgets an item that the person has done with. */
  constructor(courier, remove) {
    this.courier = courier;
    this.remove = remove;
    this.key = null;
    this.toldLate = new Set(); // ids for which the list was opened
  }

  draw({ isConnected, isHubThere }) {
    const { waiting, refused, outbox } = this.courier;
    const isSlow = !isHubThere || waiting.some(({ madeAt }) => now() - madeAt > SHOWN_AFTER_MS);
    const shown = isSlow ? waiting : [];
    const heard = shown.filter((item) => this.courier.isHeard(item));
    const stuck = shown.filter((item) => this.courier.isUnanswered(item));
    const late = shown.filter((item) => isTooLate(item) && !heard.includes(item));
    const there = heard.length === shown.length ? "unsaved" : "sending";
    const why = isHubThere ? there : isConnected ? "hub_away" : "no_network";
    const key = JSON.stringify([why, outbox.isLasting, ...[shown, stuck, late, refused].map(ids)]);
    const section = part("unsent");
    section.dataset.waiting = waiting.length; // also what is not shown yet
    if (key === this.key) return;
    this.key = key;
    part("memory-only").hidden = outbox.isLasting;
    section.hidden = shown.length === 0;
    part("unsent-count").textContent = joined(say("unsent.title", { count: shown.length }), say(`unsent.${why}`));
    const troubleOf = (item) => (late.includes(item) ? "too_late" : stuck.includes(item) ? "no_answer" : null);
    part("unsent-list").replaceChildren(...shown.map((item) => this.row(item, troubleOf(item))));
    section.open ||= late.some(({ id }) => !this.toldLate.has(id));
    ids(late).forEach((id) => this.toldLate.add(id));
    part("refused").replaceChildren(...refused.map((item) => this.refusedRow(item)));
  }

  row(item, trouble) {
    const made = line(item, "unsent-item");
    if (!trouble) return made;
    made.append(element("p", "unsent__why", say(`unsent.${trouble}`)), this.remover(item, "unsent.give_up"));
    return made;
  }

  refusedRow(item) {
    const made = line(item, "refused-item");
    made.append(element("p", "unsent__why", item.refused), this.remover(item, "unsent.read"));
    return made;
  }

  remover(item, words) {
    return testId(button(say(words), () => this.remove(item)), "unsent-remove");
  }
}

const ids = (items) => items.map(({ id }) => id);

function line(item, id) {
  const made = testId(element("article", "unsent__item"), id);
  made.dataset.id = item.id;
  const head = element("p", "unsent__what", joined(titleOf(item), item.subject));
  head.prepend(element("span", "unsent__time", timeOfDay(item.madeAt)));
  made.append(head);
  return made;
}
