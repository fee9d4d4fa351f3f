// The alerts of this person and their states. No DOM, no network: messages in, state out.
//
// States: ringing → claiming → mine | claimed (by somebody else) | expired | cancelled, or
// ringing → passed (this person cannot go). An alert that nobody needs to claim is `info`. The hub
// has the last word on each. An item is missed if it rang here and this person did not claim it.

import { keep, kept } from "./storage.js";

const KEPT_ITEMS = 40;
const KEPT_IDS = 500;
const KEEP_CLAIMING_MS = 60_000; // after its end, in case this clock is ahead of the hub's
const OPEN = ["ringing", "claiming", "info"];
const STATE_AFTER = { claim: "claiming", pass_on: "passed" };
const MISSED = ["expired", "claimed", "passed"];

export const isOpen = (item) => OPEN.includes(item.state);

/** Whether it rang here, and somebody else went or nobody did. */
export function isMissed({ alert, state, closed, rang }) {
  // Withdrawn after its time was up, a call is missed; withdrawn before, it was called off.
  const wasDue = Date.parse(closed?.closed_at) > Date.parse(alert.ack_due_at);
  return Boolean(rang) && (MISSED.includes(state) || (state === "cancelled" && wasDue));
}

export class Alerts {
  /** `saidTo(id)`: this person's answer to an alert that still waits for the hub, if any. */
  constructor(me, keyPrefix, saidTo) {
    this.me = me;
    this.saidTo = saidTo;
    this.pastKey = `${keyPrefix}.past`;
    this.shownKey = `${keyPrefix}.shown`;
    this.shown = new Set(kept(localStorage, this.shownKey) ?? []); // ids that the hub knows are shown here
    this.items = new Map(); // alert_id → item, in order of arrival
    this.over = new Set(); // ids of closed alerts: an alert may arrive after its end
    for (const item of kept(sessionStorage, this.pastKey) ?? []) this.items.set(item.alert.alert_id, item);
    this.items.forEach((_, id) => this.over.add(id));
  }

  /** Take in an alert. Returns the item if it is new or rings again, else null. */
  receive(alert, now) {
    if (!isAlert(alert) || !this.isForMe(alert) || this.over.has(alert.alert_id)) return null;
    const known = this.items.get(alert.alert_id);
    if (known) {
      const isAnew = (alert.repeat ?? 0) > (known.alert.repeat ?? 0);
      known.isConfirmed = true; // the hub sent it again, so it is still open
      known.alert = alert;
      return isAnew ? known : null;
    }
    if (now >= Date.parse(alert.expires_at)) return null;
    const said = this.saidTo(alert.alert_id);
    const open = said ? STATE_AFTER[said] : "ringing";
    const state = alert.needs_claim === false ? "info" : open;
    const item = { alert, state, closed: null, isConfirmed: true, changedAt: now, isPutAway: false };
    item.rang = state === "ringing";
    this.items.set(alert.alert_id, item);
    this.trim();
    return item;
  }

  /** Take in an AlertClosed. Returns whether anything changed. */
  close(closed, now) {
    if (typeof closed?.alert_id !== "string" || typeof closed.reason !== "string") return false;
    this.over.add(closed.alert_id);
    if (this.over.size > KEPT_IDS) this.over.delete(this.over.values().next().value);
    const item = this.items.get(closed.alert_id);
    if (!item) return false;
    item.isPutAway ||= !leadsOn(item.alert); // read or done: nothing more is to be done about it
    this.end(item, this.stateAfter(closed), now, closed);
    return true;
  }

  /** Answer «我来接待» or «我去不了». Returns the alert; null if there is nothing to answer. */
  answer(alertId, answer, now) {
    const item = this.items.get(alertId);
    if (item?.state !== "ringing") return null;
    item.state = STATE_AFTER[answer];
    item.changedAt = now;
    this.keepPast();
    return item.alert;
  }

  /** The visit is over: what this person took on for it stands large no more. */
  putAwayVisit(visitId, now) {
    for (const item of this.items.values()) {
      if (item.state === "mine" && item.alert.visit_id === visitId) this.putAway(item.alert.alert_id, now);
    }
  }

  /** The hub did not take the answer: if nobody else went meanwhile, it rings again. */
  reopen(alertId, now) {
    const item = this.items.get(alertId);
    if (!item || !Object.values(STATE_AFTER).includes(item.state)) return;
    if (now < Date.parse(item.alert.expires_at)) this.end(item, "ringing", now);
  }

  /** Whether this device shows the alert for the first time. */
  isShownFirst(alertId) {
    if (this.shown.has(alertId)) return false;
    this.shown.add(alertId);
    keep(localStorage, this.shownKey, [...this.shown].slice(-KEPT_IDS));
    return true;
  }

  /** End the alerts whose time is over. Returns whether anything changed. */
  expire(now) {
    const late = [...this.items.values()].filter((item) => isOpen(item) && now >= endOf(item));
    late.forEach((item) => this.end(item, "expired", now));
    return late.length > 0;
  }

  /** The connection is lost: open alerts may be over, and ring again only once confirmed. */
  doubt() {
    this.items.forEach((item) => (item.isConfirmed &&= !isOpen(item)));
  }

  /** The hub had time to send again what is still open: all other alerts are over. */
  settle(now) {
    const gone = [...this.items.values()].filter((item) => isOpen(item) && !item.isConfirmed);
    gone.forEach((item) => item.state !== "claiming" && this.end(item, "expired", now));
    return gone.length > 0;
  }

  putAway(alertId, now) {
    const item = this.items.get(alertId);
    if (!item) return;
    item.isPutAway = true;
    if (item.state === "info") item.changedAt = now;
    this.keepPast();
  }

  /** «知道了»: the person has seen the missed alerts. */
  lookAtMissed() {
    this.missed().forEach((item) => (item.isLookedAt = true));
    this.keepPast();
  }

  missed() {
    return this.newestFirst().filter((item) => isMissed(item) && !item.isLookedAt);
  }

  newestFirst() {
    return [...this.items.values()].sort(
      (item, other) => Date.parse(other.alert.raised_at) - Date.parse(item.alert.raised_at),
    );
  }

  toRing() {
    return this.newestFirst().filter((item) => item.state === "ringing" && item.isConfirmed);
  }

  isForMe(alert) {
    return alert.staff_id === this.me.staffId || this.me.roles.includes(alert.role);
  }

  stateAfter(closed) {
    const isMine = closed.by_staff_id === this.me.staffId;
    if (closed.reason === "claimed") return isMine ? "mine" : "claimed";
    if (closed.reason === "passed_on" && isMine) return "passed";
    return closed.reason === "cancelled" ? "cancelled" : "expired";
  }

  end(item, state, now, closed = null) {
    const hasChanged = item.state !== state;
    Object.assign(item, { state, closed, isConfirmed: true });
    if (hasChanged) item.changedAt = now;
    this.keepPast();
  }

  keepPast() {
    const past = [...this.items.values()].filter((item) => !isOpen(item));
    keep(sessionStorage, this.pastKey, past.slice(-KEPT_ITEMS));
  }

  trim() {
    for (const [id, item] of this.items) {
      if (this.items.size <= KEPT_ITEMS) return;
      if (!isOpen(item)) this.items.delete(id);
    }
  }
}

/** Whether more follows once it is taken: a visitor is received, an order is brought. */
const leadsOn = ({ kind = "call", actions }) => kind !== "notice" && (kind === "call" || actions?.length > 1);

function endOf(item) {
  const grace = item.state === "claiming" ? KEEP_CLAIMING_MS : 0;
  return Date.parse(item.alert.expires_at) + grace;
}

function isAlert(alert) {
  return (
    ["alert_id", "title", "text", "raised_at", "expires_at"].every(
      (name) => typeof alert?.[name] === "string",
    ) && [alert.raised_at, alert.expires_at].every((text) => !Number.isNaN(Date.parse(text)))
  );
}
