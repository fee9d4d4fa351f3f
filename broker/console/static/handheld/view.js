// What stands on the screen. Reads the alerts, changes nothing but the page.

import { now, timeOfDay } from "./clock.js";
import { element, part } from "./dom.js";
import { showSince, stageCard, stageOf, wordsBeside } from "./stage.js";
import { stateWords, WORDS } from "./words.js";

const SWAP_GUARD_MS = 500; // a finger on its way must not take the alert that just slid under it
const SHOWN_PAST = 20;

export class View {
  /** `act` has claim(id), putAway(id). */
  constructor(alerts, act) {
    this.alerts = alerts;
    this.act = act;
    this.selectedId = null;
    this.shown = null; // { key, item, card }
  }

  /** Draw what changed; call after every message and every second. */
  draw({ isConnected, isStarted }) {
    const items = this.alerts.newestFirst();
    const item = stageOf(items, this.selectedId, this.shown?.item?.alert.alert_id, now());
    document.body.dataset.ringing = String(this.alerts.toRing().length > 0);
    document.body.dataset.started = String(isStarted);
    part("start").hidden = isStarted;
    this.drawStage(item, isConnected, isStarted);
    this.drawOthers(items.filter((other) => other !== item));
  }

  drawStage(item, isConnected, isStarted) {
    const key = item
      ? [item.alert.alert_id, item.state, item.closed?.by_name, isConnected].join("|")
      : `none ${isStarted}`;
    if (key !== this.shown?.key) {
      const card = item ? stageCard(item, isConnected, this.act) : emptyCard(isStarted);
      if (this.isSwap(item)) guard(card.querySelector(".claim"));
      part("stage").replaceChildren(card);
      this.shown = { key, item, card };
    } else if (item) {
      showSince(this.shown.card, item);
    }
  }

  /** Whether a ringing alert takes another card's place, and its button that of another button. */
  isSwap(item) {
    const before = this.shown?.item;
    return item?.state === "ringing" && Boolean(before) && before !== item;
  }

  drawOthers(others) {
    const waiting = others.filter((item) => item.state === "ringing");
    const key = others.map((item) => item.alert.alert_id + item.state + item.closed?.by_name).join();
    if (key === this.othersKey) return;
    this.othersKey = key;
    part("others").hidden = others.length === 0;
    part("others-title").textContent = waiting.length
      ? WORDS.othersWaiting(waiting.length)
      : WORDS.othersPast;
    const shown = [...waiting, ...others.filter((item) => item.state !== "ringing")];
    part("list").replaceChildren(...shown.slice(0, SHOWN_PAST).map((item) => this.row(item)));
  }

  row(item) {
    const { alert, state } = item;
    const row = element("article", `row row--${state}`);
    row.dataset.alertId = alert.alert_id;
    row.dataset.state = state;
    row.append(
      element("span", "row__time", timeOfDay(Date.parse(alert.raised_at))),
      element("span", "row__plate", alert.plate ?? alert.title),
      element("span", "row__text", wordsBeside(alert)),
      element("span", "row__state", stateWords(item)),
    );
    if (state === "ringing") {
      row.tabIndex = 0;
      row.addEventListener("click", () => {
        this.selectedId = alert.alert_id;
        window.scrollTo(0, 0);
        this.act.redraw();
      });
    }
    return row;
  }
}

/** The bar on top: is somebody listening, and since when not. */
export function drawConnection({ isConnected, lostAt, hub, isElsewhere }) {
  const { body } = document;
  body.dataset.connected = String(isConnected);
  body.dataset.hub = hub.state;
  const [words, advice] = connectionWords({ isConnected, lostAt, hub, isElsewhere });
  if (part("connection").textContent !== words) part("connection").textContent = words;
  part("advice").textContent = advice;
}

function connectionWords({ isConnected, lostAt, hub, isElsewhere }) {
  if (isElsewhere) return [WORDS.elsewhere, WORDS.elsewhereAdvice];
  if (!isConnected && lostAt === null) return [WORDS.connecting, ""];
  if (!isConnected) return [WORDS.lostSince(timeOfDay(lostAt, true)), WORDS.lostAdvice];
  if (hub.state === "offline") {
    const { since } = hub;
    const words = since === null ? WORDS.hubLost : WORDS.hubLostSince(timeOfDay(since, true));
    return [words, WORDS.hubLostAdvice];
  }
  return hub.state === "online" ? [WORDS.connected, ""] : [WORDS.hubUnknown, WORDS.hubUnknownAdvice];
}

function emptyCard(isStarted) {
  const card = element("div", "empty");
  card.dataset.testid = "empty";
  card.append(
    element("p", "empty__title", WORDS.empty),
    element("p", "empty__advice", isStarted ? WORDS.emptyAdvice : WORDS.notStarted),
  );
  return card;
}

function guard(button) {
  if (!button) return;
  button.disabled = true;
  setTimeout(() => (button.disabled = false), SWAP_GUARD_MS);
}
