// Carries the outbox to the hub: oldest first and one at a time, each until the hub's receipt, so
// that what a person did arrives in the order in which it was done.

import { waits } from "./messages.js";
import { language } from "./words.js";

const AGAIN_AFTER_MS = 3_000;
const HEARD_AGAIN_AFTER_MS = 60_000;
const TRIES = 5; // without a word from a hub that is there: then the next is tried too

export class Courier {
  /** `way()` has the link and whether the hub is there; `told(item, why)` hears what the hub has, and
   * why it does not do it. */
  constructor(outbox, way, told) {
    this.outbox = outbox;
    this.way = way;
    this.told = told;
    this.sentAt = new Map(); // by id, on the stopwatch
    this.tries = new Map(); // by id
    this.heardAt = new Map(); // by id, on the stopwatch
  }

  /** Keep `item` and send it, or send it now or never. Returns what became of it, as in `act.sent`. */
  async send(item) {
    const { link, isHubThere, isElsewhere } = this.way();
    if (isElsewhere) return "elsewhere"; // another window has the outbox
    if (!waits(item)) return isHubThere && link.send(item.topic, item.body) ? "sent" : "hub_away";
    await this.outbox.add(item);
    this.step();
    return isHubThere ? "sent" : "kept";
  }

  /** What waits for the hub. */
  get waiting() {
    return this.outbox.items.filter((item) => !item.refused);
  }

  /** What the hub would not do, until the person has read why. */
  get refused() {
    return this.outbox.items.filter((item) => item.refused);
  }

  isUnanswered(item) {
    return !this.isHeard(item) && this.triesOf(item) >= TRIES;
  }

  /** Whether the hub acts on it, but cannot save it: its disk is full or fails. We keep it. */
  isHeard({ id }) {
    return this.heardAt.has(id);
  }

  /** Send what is due. Call often. */
  step() {
    const { link, isHubThere } = this.way();
    const item = this.next();
    if (!link.isUp || !link.hears || !item) return; // a receipt that nobody hears is lost
    const moment = performance.now();
    if (moment - (this.sentAt.get(item.id) ?? -AGAIN_AFTER_MS) < AGAIN_AFTER_MS) return;
    this.sentAt.set(item.id, moment);
    if (isHubThere) this.tries.set(item.id, this.triesOf(item) + 1);
    link.send(item.topic, item.body);
  }

  /** Begin anew: the server or the hub is back. */
  again() {
    this.sentAt.clear();
    this.tries.clear();
    this.heardAt.clear(); // what was only heard may be lost with the hub's power
    this.step();
  }

  async onReceipt(receipt) {
    if (!Array.isArray(receipt?.ids)) return;
    for (const { id } of this.waiting.filter(({ id }) => receipt.heard?.includes(id))) {
      this.heardAt.set(id, performance.now());
      this.sentAt.delete(id);
    }
    for (const item of this.waiting.filter(({ id }) => receipt.ids.includes(id))) {
      const why = receipt.refused?.[language];
      if (why) await this.outbox.refuse(item, why);
      else await this.outbox.remove(item.id);
      for (const known of [this.sentAt, this.heardAt]) known.delete(item.id);
      this.told(item, why);
    }
    this.step();
  }

  /** Send none of these any more. */
  async withdraw(isMeant) {
    for (const { id } of this.outbox.items.filter(isMeant)) await this.outbox.remove(id);
  }

  next() {
    const moment = performance.now();
    const isQuiet = ({ id }) => moment - (this.heardAt.get(id) ?? -HEARD_AGAIN_AFTER_MS) < HEARD_AGAIN_AFTER_MS;
    const waiting = this.waiting.filter((item) => !isQuiet(item));
    const due = waiting.find((item) => !this.isUnanswered(item));
    return due ?? waiting.sort((item, other) => this.triesOf(item) - this.triesOf(other))[0];
  }

  triesOf({ id }) {
    return this.tries.get(id) ?? 0;
  }
}
