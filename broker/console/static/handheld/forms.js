// The forms: the fields of each (see fields.js), and the message that it makes.

import { say, word } from "./words.js";

const report = (kind) => (desk, about, filled) => desk.report(kind, about, filled);

/** One tap says what shows whose customer it is. */
const GROUNDS = ["name", "sms", "card", "wechat", "registration"];
const ground = { field: "evidence", offers: () => GROUNDS.map((name) => [name, word("ground", name)]) };

const WEATHER = ["rain", "sun", "fair"];
const weather = { field: "kind", offers: () => WEATHER.map((name) => [name, word("weather", name)]) };

export const FORMS = {
  greeted: {
    fields: ["surname", "salutation", "party_size", "umbrella"],
    send: report("greeted"),
  },
  sent_on: { fields: ["next_post", "bound_for", "party_size", "looks"], send: report("sent_on") },
  weather: { taps: weather, send: (desk, _about, { kind }) => desk.report(kind) },
  seated: { fields: ["seat", "drinks"], send: report("seated") },
  showflat: { fields: ["party_size"], send: report("showflat") },
  cart: { fields: ["pick_up"], send: report("cart") },
  away: { fields: ["reason", "leave"], send: (desk, _about, filled) => desk.report("away", {}, filled) },
  claim_visitor: { taps: ground, send: report("claim") },
  owner_found: { fields: ["owner"], taps: ground, send: report("owner_found") },
  hand_over: { fields: ["colleague"], send: report("hand_over") },
  family: {
    fields: ["family_phone", "family_plate"],
    problem: ({ phone, plate }) => (phone || plate ? null : say("form.family_unsaid")),
    send: report("family"),
  },
  take_back_skip: {
    fields: ["required_reason"],
    send: (desk, about, filled) =>
      desk.report("take_back_skip", about, { for_staff_id: about.staff_id, ...filled }),
  },
  close_day: { fields: ["still_open"], send: (desk) => desk.report("close_day") },
  wishes: { fields: ["purpose", "area", "budget", "source", "wishes"], send: report("wishes") },
  snooze: {
    fields: ["in_days", "required_reason"],
    problem: ({ days }) => (days ? null : say("form.choose", { field: say("field.days") })),
    send: (desk, { registration_id }, filled) => desk.report("snoozed", {}, { registration_id, ...filled }),
  },
  ruling: { fields: ["winner", "required_reason"], send: report("ruling") },
  stand_in: {
    fields: ["stand_in"],
    send: (desk, about, filled) =>
      desk.report("stand_in", {}, { for_staff_id: about.staff_id, ...filled }),
  },
  set_order: { fields: ["order"], send: (desk, _about, filled) => desk.report("set_order", {}, filled) },
  register: {
    fields: ["surname", "salutation", "phone", "plate", "channel", "wishes"],
    send: (desk, about, { plate, ...filled }) =>
      desk.register(about, { ...filled, plates: plate ? [plate] : [] }),
  },
  look_up: {
    fields: ["phone", "plate", "name"],
    send: (desk, _about, filled) => desk.lookUp(filled),
  },
  correct: {
    fields: ["required_plate"],
    send: (desk, about, { plate }) => desk.correct(about, plate),
  },
};
