// Updates the page of the site's health, and says since when it is out of date.

const EVERY_MS = 5_000;
const live = document.querySelector("[data-part=live]");
const stale = document.querySelector("[data-part=stale]");

const shownAt = () => live.querySelector("[data-part=at]").textContent;

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(live.dataset.url, { cache: "no-store", credentials: "same-origin" });
    if (answer.status === 401) location.assign("/login?to=health&why=ended");
    if (!answer.ok) throw new Error(String(answer.status));
    const isOpen = live.querySelector("[data-part=all]").open;
    live.innerHTML = await answer.text(); // from our own server, which escapes every text
    live.querySelector("[data-part=all]").open = isOpen;
    stale.hidden = true;
  } catch {
    stale.textContent = `${stale.dataset.said} ${shownAt()}`;
    stale.hidden = false;
  }
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
