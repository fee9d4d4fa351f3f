// Updates the page on the wall, runs its clock, and says since when it is out of date.

const EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 4_000;
const STALE_AFTER_MS = 6_000;
const live = document.querySelector("[data-part=live]");
const stale = document.querySelector("[data-part=stale]");

let shownAt = performance.now(); // when the last good answer came
let isAsking = false;

const clock = () => live.querySelector("[data-part=clock]"); // the site's time in that answer

async function refresh() {
  if (isAsking) return;
  isAsking = true;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ANSWER_WITHIN_MS);
  try {
    const answer = await fetch(live.dataset.url, {
      cache: "no-store",
      credentials: "omit",
      signal: patience.signal,
    });
    if (answer.status === 403) return end();
    if (!answer.ok) throw new Error(String(answer.status));
    live.innerHTML = await answer.text(); // from our own server, which escapes every text
    shownAt = performance.now();
  } catch {
    // no network: the page says how old it is
  } finally {
    clearTimeout(timer);
    isAsking = false;
  }
  tell();
}

function tell() {
  const isStale = performance.now() - shownAt > STALE_AFTER_MS;
  if (isStale) stale.textContent = `${stale.dataset.stale} ${clock().textContent}`;
  stale.hidden = !isStale;
}

function end() {
  clearInterval(beat);
  stale.textContent = stale.dataset.over;
  stale.hidden = false;
  live.hidden = true;
}

const beat = setInterval(refresh, EVERY_MS);
