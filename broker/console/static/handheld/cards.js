// One event, one card: what a person is told of one visit stands together, and the most pressing leads.

const NO_VISIT = "none"; // the visit_id of an alert that is not about a visit
const ORDER = ["ringing", "claiming", "mine", "info"];

const eventOf = ({ alert }) => (alert.visit_id && alert.visit_id !== NO_VISIT ? alert.visit_id : alert.alert_id);

const rankOf = ({ state, isPutAway }) => {
  const rank = ORDER.indexOf(state);
  return rank < 0 || isPutAway ? ORDER.length : rank;
};

/** The alerts that lead a card, in the order of `items`, which stand with the newest first. */
export function leadsOf(items) {
  const leads = new Map();
  for (const item of items) {
    const lead = leads.get(eventOf(item));
    if (!lead || rankOf(item) < rankOf(lead)) leads.set(eventOf(item), item);
  }
  return items.filter((item) => leads.get(eventOf(item)) === item);
}

/** What else rings on the card that `item` leads. */
export const besides = (items, item) =>
  items.filter((other) => other !== item && other.state === "ringing" && eventOf(other) === eventOf(item));

/** Everything that one answer to `item` answers: the same was asked of this person in the same way. */
export const answeredWith = (items, item) => [
  item,
  ...besides(items, item).filter(({ alert }) => (alert.kind ?? "call") === (item.alert.kind ?? "call")),
];
