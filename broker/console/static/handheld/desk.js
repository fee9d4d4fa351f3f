// What this person does: each action is a message to the hub, or a form that makes one.

import { moment, now } from "./clock.js";
import { opener } from "./deed.js";
import { element } from "./dom.js";
import { FORMS } from "./forms.js";
import { newId } from "./ids.js";
import { openForm, showLines, showRecord } from "./sheet.js";
import { askWhy } from "./site.js";
import { language, say } from "./words.js";

const NO_VISIT = "none"; // the visit_id of an alert that is not about a visit
const IN_HOUSE = ["arrived", "waiting", "called", "serving"];

export class Desk {
  /** `on` has answer(id, answer) and putAway(id), for the alerts. */
  constructor(me, site, linkNow, on = {}) {
    this.me = me;
    this.site = site;
    this.linkNow = linkNow;
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
    showRecord(name, address, ({ dataset: { visit, mayRule } }) => {
      if (!visit) return [];
      const paper = element("a", "button", say("act.open_alone"));
      Object.assign(paper, { href: `/dispute/${encodeURIComponent(visit)}`, target: "_blank" });
      if (!mayRule) return [paper];
      return [opener("ruling", () => this.open("ruling", { visit_id: visit }), "button button--main"), paper];
    });
  }

  /** Send a report about the visit in `about`, if any. Returns whether it was sent. */
  report(kind, about = {}, more = {}) {
    const visitId = about.visit_id === NO_VISIT ? undefined : about.visit_id;
    return this.send("report", "report_id", "reported_at", { kind, visit_id: visitId, ...more });
  }

  /** Register a customer who left a name, phone or plate. Returns whether it was sent. */
  register(about, filled) {
    const message = { visit_id: about.visit_id, ...filled };
    return this.send("registration", "registration_id", "registered_at", message);
  }

  lookUp(filled) {
    const isSent = this.send("look_up", "look_up_id", "asked_at", { ...filled, language });
    if (isSent) showLines("look_up", [say("look_up.asking")]);
    return isSent;
  }

  /** Show what the hub found for this page's last look-up. */
  onAnswer(answer) {
    if (answer?.look_up_id !== this.lookUpId || !Array.isArray(answer.found)) return;
    const found = answer.found.length ? answer.found : [say("look_up.none")];
    showLines("look_up", [...found, say("look_up.logged")]);
  }

  /** Correct a car's plate to `plate`. */
  correct(about, plate) {
    const car = this.site.seen.cars.find(({ arrival_id }) => arrival_id === about.arrival_id);
    if (!car) return false;
    const id = newId(now());
    return this.linkNow().send(`gate/${car.gate_id}/correction`, {
      correction_id: id,
      gate_id: car.gate_id,
      arrival_id: car.arrival_id,
      plate,
      corrected_by: this.me.staffId,
      corrected_at: moment(),
    });
  }

  /** «为什么是我 / 为什么不是我»: the decision's sentence, and what it means for this person. */
  async why(visit) {
    showLines("why", [say("why.asking")]);
    try {
      const { rule, sentence, reason, host, owner, place } = await askWhy(visit.visit_id);
      const mine = say(`why.${reason}`, { host: host ?? say("why.nobody"), owner, place });
      showLines("why", [mine, `${rule} · ${sentence}`]);
    } catch {
      showLines("why", [say("why.unknown")]);
    }
  }

  send(topic, idField, momentField, message) {
    const id = newId(now());
    if (topic === "look_up") this.lookUpId = id;
    const isSent = this.linkNow().send(`staff/${this.me.staffId}/${topic}`, {
      [idField]: id,
      staff_id: this.me.staffId,
      [momentField]: moment(),
      ...message,
    });
    if (isSent) this.site.askSoon();
    return isSent;
  }

  /** What is known to fill a form about `about`. */
  known(about) {
    const visit = this.site.visit(about.visit_id) ?? {};
    const told = Object.entries(about).filter(([, value]) => value !== null); // null: not known
    return {
      ...visit,
      ...Object.fromEntries(told),
      line: this.site.seen.line,
      inHouse: this.site.seen.visits.filter((visit) => IN_HOUSE.includes(visit.state)),
      consultants: this.site.seen.posts.filter((person) => person.roles.includes("consultant")),
      title: about.plate ?? about.name ?? visit.plate ?? visit.visitor ?? "",
    };
  }
}
