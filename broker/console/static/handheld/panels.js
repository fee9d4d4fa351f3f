// The panels below the alerts. The person's posts choose them, by the server's table in
// broker/console/post_view.py. A panel turns what the person may see into nodes.

import { timeOfDay } from "./clock.js";
import { calls, people, setOrder, skips, waiting } from "./panels_manager.js";
import { expiring } from "./panels_expiring.js";
import { cars, expected, guests } from "./panels_posts.js";
import { lookUp, mine, turn } from "./panels_consultant.js";
import { element, part, testId } from "./dom.js";
import { say } from "./words.js";

const PANELS = {
  cars,
  guests,
  expected,
  mine,
  turn,
  expiring,
  look_up: lookUp,
  waiting,
  calls,
  skips,
  people,
  order: setOrder,
};

export class Panels {
  constructor(names, desk) {
    this.desk = desk;
    this.shown = names.filter((name) => name in PANELS).map((name) => {
      const section = testId(element("section", "panel-card"), `panel-${name}`);
      section.hidden = true;
      const body = element("div", "panel-card__body");
      section.append(element("h2", "", say(`panel.${name}`)), body);
      return { name, section, body, key: null };
    });
    part("panels").replaceChildren(...this.shown.map(({ section }) => section));
  }

  /** Draw only what changed, so that no button vanishes under a finger. */
  draw(site) {
    const { seen } = site;
    if (site.seenAt === null) return;
    for (const panel of this.shown) {
      const { key, nodes } = PANELS[panel.name](seen, this.desk);
      const text = JSON.stringify(key);
      if (text === panel.key) continue;
      panel.key = text;
      const made = nodes();
      panel.section.hidden = made.length === 0;
      panel.body.replaceChildren(...made);
    }
    const stale = part("stale");
    stale.hidden = !site.isStale;
    stale.textContent = say("panel.stale", { time: timeOfDay(site.seenAt, true) });
  }
}
