// What comes back to something that was sent, so that it is told where it was sent.

import { inOwnWords } from "./words.js";

const RECEIPT_WITHIN_MS = 3_000;
const ANSWER_WITHIN_MS = 400; // an answer leaves the hub right after the receipt

export class Replies {
  constructor() {
    this.open = new Map(); // by the id of what was sent
  }

  /** Comes to the words that came back; null if nothing spoke against it, or nothing came in time. */
  to(id) {
    return new Promise((done) => {
      const asked = { end: null, timer: null };
      asked.end = (words) => {
        clearTimeout(asked.timer);
        this.open.delete(id);
        done(words);
      };
      asked.timer = setTimeout(() => asked.end(null), RECEIPT_WITHIN_MS);
      this.open.set(id, asked);
    });
  }

  /** The hub has it; `why` it does not do it, if it doesn't. */
  receive(id, why) {
    const asked = this.open.get(id);
    if (!asked) return;
    clearTimeout(asked.timer);
    if (why) asked.end(why);
    else asked.timer = setTimeout(() => asked.end(null), ANSWER_WITHIN_MS);
  }

  /** Whether `alert` is an answer that is read where it was asked for. */
  take(alert) {
    const asked = this.open.get(alert.answers_id);
    asked?.end(inOwnWords(alert).text);
    return Boolean(asked);
  }
}
