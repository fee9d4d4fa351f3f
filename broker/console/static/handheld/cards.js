// One event, one card: what a person is told of one visit stands together, and the most pressing leads.

const NO_VISIT = "none"; // the visit_id of an alert that is not about a visit
const RANKS = { ringing: 0, claiming: 1, mine: 2, info: 2 }; // news of a visit in one's care leads, if newer
const LAST = 3;

const eventOf = ({ alert }) => (alert.visit_id && alert.visit_id !== NO_VISIT ? alert.visit_id : alert.alert_id);

const rankOf = ({ state, isPutAway }) => (isPutAway ? LAST : (RANKS[state] ?? LAST));

/** The alerts that lead a card, in the order of `items`, which stand with the newest first. */
export function leadsOf(items) {
  const leads = new Map();
  for (const item of items) {
    const lead = leads.get(eventOf(item));
    if (!lead || rankOf(item) < rankOf(lead)) leads.set(eventOf(item), item);
  }
  return items.filter((item) => leads.get(eventOf(item)) === item);
}

/** The id of the alert that leads the card of `alertId`; null if no card has it. */
export function leadOf(items, leads, alertId) {
  const asked = items.find(({ alert }) => alert.alert_id === alertId);
  return (asked && leads.find((lead) => eventOf(lead) === eventOf(asked))?.alert.alert_id) ?? null;
}

/** What else rings, or is news not yet put away, on the card that `item` leads. */
export const besides = (items, item) =>
  items.filter((other) => other !== item && isToRead(other) && eventOf(other) === eventOf(item));

const isToRead = ({ state, isPutAway }) => state === "ringing" || (state === "info" && !isPutAway);

const kindOf = ({ kind }) => kind ?? "call";

/** Everything that one answer to `item` answers: the same was asked of this person in the same way. */
export const answeredWith = (items, item) => [
  item,
  ...besides(items, item).filter(({ alert, state }) => state === "ringing" && kindOf(alert) === kindOf(item.alert)),
];
