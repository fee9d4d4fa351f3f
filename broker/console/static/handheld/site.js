// The site as this person's posts may see it, asked over HTTP.

import { leaveIfEnded } from "./account.js";
import { now } from "./clock.js";
import { every } from "./timers.js";

const ASK_EVERY_MS = 10_000;
const ASK_SOON_MS = 400; // several messages at once lead to a single request

const NOTHING = { visits: [], cars: [], expected: [], line: [], posts: [], skips: [], alerts: [], orders: [] };

export class Site {
  /** `told` is called after each answer and each failure. */
  constructor(told) {
    this.told = told;
    this.seen = NOTHING;
    this.seenAt = null;
    this.isStale = false;
    every(ASK_EVERY_MS, () => document.hidden || this.ask());
  }

  askSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.ask(), ASK_SOON_MS);
  }

  async ask() {
    try {
      const answer = await fetch("/api/me", { credentials: "same-origin", cache: "no-store" });
      leaveIfEnded(answer);
      if (!answer.ok) throw new Error(`/api/me: ${answer.status}`);
      this.seen = await answer.json();
      this.seenAt = now();
      this.isStale = false;
    } catch {
      this.isStale = true; // what is shown stays, with its time
    }
    this.told();
  }

  visit(visitId) {
    return this.seen.visits.find((visit) => visit.visit_id === visitId);
  }
}

export async function askWhy(visitId) {
  const path = `/api/why/${encodeURIComponent(visitId)}`;
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}
