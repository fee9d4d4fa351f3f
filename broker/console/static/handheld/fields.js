// The fields of the forms. Each has a node, the value that is sent, and what is wrong with it.

import { button, element, testId } from "./dom.js";
import { plateField } from "./plate_keys.js";
import { lineField } from "./line_field.js";
import { joined } from "./rows.js";
import { offers, say, word } from "./words.js";

const CHANNELS = ["walk_in", "phone", "sms", "wechat", "referral", "agency"];
const PURPOSES = ["own_use", "upgrade", "parents", "investment", "business"];
const AREAS = ["small", "middle", "large", "very_large"];
const BUDGETS = ["low", "usual", "high", "very_high"];
const SOURCES = ["passing", "friend", "owner", "online", "wechat", "advert", "agency"];
const NEXT_POSTS = ["desk", "door", "security", "steward", "showflat", "cleaning", "engineering", "maintenance", "manager"];
const DAYS = [1, 2, 3, 7];
const MOST_PEOPLE = 99;

/** `known` holds what is known of the visit or person. */
export const FIELDS = {
  surname: (known) => textField("surname", { value: known.surname, maxLength: 20 }),
  salutation: (known) => choiceField("salutation", offers.salutations, known.salutation ?? null),
  party_size: (known) => countField("party_size", known.party_size ?? 1),
  next_post: () => choiceField("post", NEXT_POSTS.map((post) => [post, word("role", post)]), null, "next_post"),
  bound_for: () => textField("place", { label: "bound_for" }),
  looks: () => textField("note", { label: "looks", maxLength: 100 }),
  umbrella: () => switchField("umbrella", { needs: ["umbrella"] }),
  seat: (known) => textField("place", { label: "seat", value: known.place, chips: offers.seats }),
  pick_up: () => textField("place", { label: "pick_up", chips: offers.pick_ups, isRequired: true }),
  drinks: () => orderField("drinks", offers.drinks),
  reason: () => textField("note", { label: "reason", chips: offers.away_reasons }),
  required_reason: () => textField("reason", { isRequired: true, maxLength: 200 }),
  leave: () => switchField("leave", { is_excused: true }),
  owner: ({ consultants, host_id: hostId }) => choiceField("for_staff_id", named(consultants, hostId), null, "owner"),
  winner: ({ consultants, mark }) => seenAt(mark, choiceField("for_staff_id", named(consultants), null, "owner")),
  colleague: ({ consultants, host_id: hostId }) =>
    seenAt(hostId, choiceField("for_staff_id", named(consultants, hostId), null, "colleague")),
  stand_in: ({ consultants, staff_id: staffId }) => choiceField("by_staff_id", named(consultants, staffId), null, "stand_in"),
  order: ({ consultants, line, orderMark }) => within("order", seenAt(orderMark, lineField("order", consultants, line))),
  still_open: ({ inHouse }) => listField("still_open", inHouse.map(visitLine)),
  phone: (known) => textField("phone", { value: known.phone, ...PHONE }),
  name: () => textField("name", { maxLength: 20 }),
  family_phone: () => textField("phone", { label: "family_phone", ...PHONE }),
  plate: (known) => plateField(known),
  family_plate: () => plateField({}),
  required_plate: (known) => plateField(known, { isRequired: true, isOpen: true }),
  in_days: () => choiceField("days", DAYS.map((days) => [days, say("follow.in_days", { days })]), null),
  channel: () => choiceField("channel", CHANNELS.map((channel) => [channel, word("channel", channel)]), "walk_in"),
  purpose: () => wordField("purpose", PURPOSES),
  area: () => wordField("area", AREAS),
  budget: () => wordField("budget", BUDGETS),
  source: () => wordField("source", SOURCES),
  wishes: () => textField("note", { label: "wishes", maxLength: 200 }),
};

// A mobile, a fixed line with its area code, or a number with its country's code; the hub looks closer.
const PHONE = {
  inputMode: "tel",
  maxLength: 30,
  pattern: /^(?:(?:(?:\+|00)?86)?1[3-9]\d{9}|(?:\+|00)\d{7,15}|0\d{9,11})$/,
};
const named = (people, but) =>
  people.filter((person) => person.staff_id !== but).map((person) => [person.staff_id, person.name]);

/** Empty for a masked number or plate, which must not be sent back. */
const whole = (value) => (value?.includes("*") ? "" : (value ?? ""));

/** Sends the mark of what stood there along: the hub writes over nothing that this person has not seen. */
const seenAt = (mark, field) => ({ ...field, value: () => ({ ...field.value(), ...(mark && { seen: mark }) }) });

const within = (name, field) => ({ ...field, node: labelled(name, field.node) });

function labelled(name, ...nodes) {
  const made = element("fieldset", "field");
  made.append(element("legend", "field__label", say(`field.${name}`)), ...nodes);
  return testId(made, `field-${name}`);
}

function textField(name, { label = name, value, chips = [], isRequired, maxLength = 60, inputMode, pattern }) {
  const input = element("input", "field__text");
  Object.assign(input, { name, maxLength, inputMode: inputMode ?? "text", value: whole(value) });
  input.autocomplete = "off";
  input.setAttribute("aria-label", say(`field.${label}`));
  const row = chipRow(chips.map(([, shown]) => button(shown, () => (input.value = shown), "chip")));
  const text = () => input.value.trim();
  // A suggested word is sent as its key, other text as it was typed.
  const sent = () => chips.find(([, shown]) => shown === text())?.[0] ?? text();
  return {
    node: labelled(label, input, ...row),
    value: () => (text() ? { [name]: sent() } : {}),
    problem: () => {
      if (!text()) return isRequired ? say("form.required", { field: say(`field.${label}`) }) : null;
      const plain = text().normalize("NFKC").replace(/[\s().‐-―\p{Cf}-]/gu, "");
      return pattern && !pattern.test(plain) ? say(`form.bad_${name}`) : null;
    },
  };
}

const chipRow = (chips) => {
  if (chips.length === 0) return [];
  const row = element("div", "chips");
  row.append(...chips);
  return [row];
};

/** A choice of one option, or of none unless the field is a person. */
function choiceField(name, options, chosen, label = name) {
  let value = chosen;
  const chips = options.map(([option, words]) => {
    const chip = button(words, () => choose(value === option ? null : option), "chip");
    chip.dataset.value = option;
    return chip;
  });
  const choose = (option) => {
    value = option;
    chips.forEach((chip) => chip.setAttribute("aria-pressed", String(chip.dataset.value === String(value))));
  };
  choose(chosen);
  const isPerson = name.endsWith("staff_id");
  return {
    node: labelled(label, ...chipRow(chips)),
    value: () => (value === null ? {} : { [name]: value }),
    problem: () => (isPerson && value === null ? say("form.choose", { field: say(`field.${label}`) }) : null),
  };
}

function switchField(name, meaning) {
  const chip = button(say(`field.${name}_on`), () => set(!isOn), "chip");
  let isOn;
  const set = (on) => {
    isOn = on;
    chip.setAttribute("aria-pressed", String(on));
  };
  set(false);
  return { node: labelled(name, ...chipRow([chip])), value: () => (isOn ? meaning : {}), problem: () => null };
}

/** One of the words of a group, by its key. */
const wordField = (name, keys) => choiceField(name, keys.map((key) => [key, word(name, key)]), null);

function countField(name, start) {
  let count = start;
  const shown = element("output", "count__value");
  const step = (by) => {
    count = Math.min(MOST_PEOPLE, Math.max(1, count + by));
    shown.textContent = String(count);
  };
  const row = element("div", "count-field");
  const less = button("−", () => step(-1), "chip count__step");
  const more = button("+", () => step(1), "chip count__step");
  less.setAttribute("aria-label", say("form.less"));
  more.setAttribute("aria-label", say("form.more"));
  row.append(less, shown, more);
  step(0);
  return { node: labelled(name, row), value: () => ({ [name]: count }), problem: () => null };
}

/** How many of each drink: every tap adds one, the last button removes all. */
function orderField(name, drinks) {
  const labels = new Map(drinks);
  const counts = new Map();
  const chips = [...labels.keys()].map((drink) => {
    const chip = button("", () => set(drink, (counts.get(drink) ?? 0) + 1), "chip");
    chip.dataset.value = drink;
    return chip;
  });
  const set = (drink, count) => {
    counts.set(drink, count);
    const chip = chips.find(({ dataset }) => dataset.value === drink);
    chip.textContent = count ? `${labels.get(drink)} ×${count}` : labels.get(drink);
    chip.setAttribute("aria-pressed", String(count > 0));
  };
  const clear = () => labels.forEach((_, drink) => set(drink, 0));
  clear();
  const all = () => [...counts].flatMap(([drink, count]) => Array(count).fill(drink));
  return {
    node: labelled(name, ...chipRow([...chips, button(say("form.clear"), clear, "chip chip--quiet")])),
    value: () => (all().length ? { [name]: all() } : {}),
    problem: () => null,
  };
}

const visitLine = (visit) =>
  joined(visit.visitor ?? visit.plate ?? say("guest.nameless"), word("state", visit.state), visit.host_name);

/** A list to read before the form is sent. */
function listField(name, lines) {
  const list = element("ul", "field__list");
  list.append(...(lines.length ? lines : [say(`field.${name}_none`)]).map((line) => element("li", "", line)));
  return { node: labelled(name, list), value: () => ({}), problem: () => null };
}
