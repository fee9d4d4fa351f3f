// What this person does: each action is a message to the hub, or a form that makes one.

import { opener } from "./deed.js";
import { element } from "./dom.js";
import { FORMS } from "./forms.js";
import { isDone, newItem } from "./messages.js";
import { isShown, openForm, showLines, showRecord } from "./sheet.js";
import { askWhy } from "./site.js";
import { language, say } from "./words.js";

const NO_VISIT = "none"; // the visit_id of an alert that is not about a visit
const ANSWER_WITHIN_MS = 10_000;
const IN_HOUSE = ["arrived", "waiting", "called", "serving"];

export class Desk {
  /** `post(item)` sends a message, and comes to what became of it. `on` has answer(id, answer),
   * putAway(id) and over(visitId), for the alerts, and replyTo(id), what comes back. */
  constructor(me, site, post, on = {}) {
    this.me = me;
    this.site = site;
    this.post = post;
    this.on = on;
    this.lookUpId = null;
  }

  answer(alertId, answer) {
    return this.on.answer(alertId, answer);
  }

  putAway(alertId) {
    this.on.putAway(alertId);
  }

  /** Open the form `name` about an alert, a visit or a person, and send what is filled in. */
  open(name, about = {}) {
    const form = FORMS[name];
    openForm(name, form, this.known(about), (filled) => form.send(this, about, filled));
  }

  /** The evidence of a visit, for both sides. */
  dispute(about) {
    this.read("dispute", `/dispute/${encodeURIComponent(about.visit_id)}`);
  }

  /** The disputes in which this person is a party; a manager: every decision of late. */
  disputes() {
    this.read("disputes", "/disputes");
  }

  read(name, address) {
    showRecord(name, address, ({ dataset: { visit, mayRule, mark } }) => {
      if (!visit) return [];
      const paper = element("a", "button", say("act.open_alone"));
      Object.assign(paper, { href: `/dispute/${encodeURIComponent(visit)}`, target: "_blank" });
      if (!mayRule) return [paper];
      return [opener("ruling", () => this.open("ruling", { visit_id: visit, mark }), "button button--main"), paper];
    });
  }

  /** Send a report about the visit in `about`, if any. */
  async report(kind, about = {}, more = {}) {
    const visitId = about.visit_id === NO_VISIT ? undefined : about.visit_id;
    const sent = await this.send("report", { kind, visit_id: visitId, ...more }, about);
    if (kind === "finished" && isDone(sent.outcome)) this.on.over?.(visitId);
    return sent;
  }

  /** Register a customer who left a name, phone or plate. */
  register(about, filled) {
    return this.send("registration", { visit_id: about.visit_id, ...filled }, about);
  }

  async lookUp(filled) {
    const asked = newItem("look_up", this.topic("look_up"), { staff_id: this.me.staffId, ...filled, language });
    this.lookUpId = asked.id;
    const outcome = await this.post(asked);
    if (!isDone(outcome)) return { outcome };
    showLines("look_up", [say("look_up.asking")]);
    setTimeout(() => this.missAnswer(asked.id), ANSWER_WITHIN_MS);
    return { outcome };
  }

  missAnswer(lookUpId) {
    if (this.lookUpId === lookUpId && isShown("look_up")) showLines("look_up", [say("act.hub_away")]);
  }

  /** Show what the hub found for this page's last look-up. */
  onAnswer(answer) {
    if (answer?.look_up_id !== this.lookUpId || !Array.isArray(answer.found)) return;
    this.lookUpId = null;
    const found = answer.found.length ? answer.found : [say("look_up.none")];
    showLines("look_up", [...found, say("look_up.logged")]);
  }

  /** Correct a car's plate to `plate`. */
  async correct(about, plate) {
    const car = this.site.seen.cars.find(({ arrival_id }) => arrival_id === about.arrival_id);
    if (!car) return { outcome: "car_gone" };
    const { gate_id, arrival_id } = car;
    const fields = { gate_id, arrival_id, plate, corrected_by: this.me.staffId };
    return this.carry(newItem("correction", `gate/${gate_id}/correction`, fields));
  }

  /** «为什么是我 / 为什么不是我»: the decision's sentence, and what it means for this person. */
  async why(visit) {
    if (!visit.rule) {
      showLines("why", [say("why.before_check_in")]);
      return;
    }
    showLines("why", [say("why.asking")]);
    try {
      const { rule, sentence, reason, host, owner, place } = await askWhy(visit.visit_id);
      const mine = say(`why.${reason}`, { host: host ?? say("why.nobody"), owner, place });
      showLines("why", [mine, `${rule} · ${sentence}`]);
    } catch {
      showLines("why", [say("why.unknown")]);
    }
  }

  async send(kind, fields, about) {
    const item = newItem(kind, this.topic(kind), { staff_id: this.me.staffId, ...fields }, this.known(about));
    const sent = await this.carry(item);
    this.site.askSoon();
    return sent;
  }

  /** Send `item`: what became of it, and the promise of what comes back. */
  async carry(item) {
    const reply = this.on.replyTo?.(item.id);
    const outcome = await this.post(item);
    return { outcome, reply: outcome === "sent" ? reply : null };
  }

  topic(kind) {
    return `staff/${this.me.staffId}/${kind}`;
  }

  /** What is known to fill a form about `about`. */
  known(about) {
    const visit = this.site.visit(about.visit_id) ?? {};
    const told = Object.entries(about).filter(([, value]) => value !== null); // null: not known
    return {
      ...visit,
      ...Object.fromEntries(told),
      line: this.site.seen.line,
      orderMark: this.site.seen.order_mark, // as they stand while the form is filled in
      inHouse: this.site.seen.visits.filter((visit) => IN_HOUSE.includes(visit.state)),
      consultants: this.site.seen.posts.filter((person) => person.roles.includes("consultant")),
      title: about.plate ?? about.name ?? visit.plate ?? visit.visitor ?? "",
    };
  }
}
