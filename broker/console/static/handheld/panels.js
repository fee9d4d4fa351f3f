// The panels below the alerts. The person's posts choose them, by the server's table in
// broker/console/post_view.py. A panel turns what the person may see into nodes.

import { timeOfDay } from "./clock.js";
import { calls, numbers, people, setOrder, skips, waiting } from "./panels_manager.js";
import { expiring } from "./panels_expiring.js";
import { followUps } from "./panels_follow_ups.js";
import { cars, expected, guests, orders, parked, watch } from "./panels_posts.js";
import { lookUp, mine, today, turn } from "./panels_consultant.js";
import { element, part, testId } from "./dom.js";
import { fit, paged } from "./paging.js";
import { say } from "./words.js";

const PANELS = {
  cars,
  guests,
  parked,
  orders,
  watch,
  numbers,
  expected,
  mine,
  today,
  turn,
  expiring,
  follow_ups: followUps,
  look_up: lookUp,
  waiting,
  calls,
  skips,
  people,
  order: setOrder,
};

/** The tab of each panel; what is not named stands in the first, below what rings. */
const TABS = {
  ...{ mine: "first", numbers: "first" },
  ...{ calls: "people", today: "people", waiting: "people", expected: "people", expiring: "people", follow_ups: "people", look_up: "people" },
  ...{ turn: "line", skips: "line", people: "line", order: "line" },
};
const DESK_PAGE = 5;
const LOW_PX = 700; // a small phone's screen

/** How many rows of a list stand there at once: no tab of a phone is longer than two screens. */
const pageOf = () => (part("panels") ? DESK_PAGE : innerHeight < LOW_PX ? 1 : 3);

const placeOf = (name) => part(`panels-${TABS[name] ?? "alerts"}`) ?? part("panels");

export class Panels {
  constructor(names, desk) {
    this.desk = desk;
    this.shown = names.filter((name) => name in PANELS).map((name) => {
      const section = testId(element("section", "panel-card"), `panel-${name}`);
      section.hidden = true;
      if (part("panels")) section.tabIndex = 0; // on a desk it scrolls within its own frame
      const body = element("div", "panel-card__body");
      section.append(element("h2", "", say(`panel.${name}`)), body);
      return { name, section, body, list: element("div", "panel-card__list"), key: null };
    });
    for (const { name, section } of this.shown) placeOf(name).append(section);
    addEventListener("resize", () => this.shown.forEach((panel) => (panel.key = null))); // draw anew
  }

  shows(name) {
    return this.shown.some((panel) => panel.name === name);
  }

  /** Whether a tab has any panel. */
  has(tab) {
    return this.shown.some(({ name }) => TABS[name] === tab);
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
      drawBody(panel, made);
    }
    if (!part("panels")) fit(); // the desk's panels scroll within their frames
    const stale = part("stale");
    stale.hidden = !site.isStale;
    stale.textContent = say("panel.stale", { time: timeOfDay(site.seenAt, true) });
  }
}

/** Rows are paged; what else there is to read or tap stays above and below them. */
function drawBody({ body, list }, made) {
  const isRow = (node) => node.classList.contains("thing");
  const first = made.findIndex(isRow);
  const rows = made.filter(isRow);
  const above = made.slice(0, Math.max(first, 0));
  const below = made.filter((node) => !isRow(node) && !above.includes(node));
  const focused = body.contains(document.activeElement) && document.activeElement.type === "search";
  paged(list, rows, pageOf());
  body.replaceChildren(...above, list, ...below);
  if (focused) body.querySelector("input[type=search]")?.focus();
}
