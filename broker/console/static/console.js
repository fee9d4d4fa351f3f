// Keeps the manager's console fresh, and says since when it is not.

const EVERY_MS = 3_000;
const live = document.querySelector("[data-part=live]");
const fresh = document.querySelector("[data-part=fresh]");

const siteTime = () => live.querySelector("[data-part=at]").textContent; // of the last good answer

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(live.dataset.url, { cache: "no-store", credentials: "same-origin" });
    if (answer.status === 401) location.assign("/login?to=console&why=ended");
    if (!answer.ok) throw new Error(String(answer.status));
    live.innerHTML = await answer.text(); // our own server's page, which escaped every text
    fresh.textContent = `更新于 ${siteTime()}`;
    fresh.classList.remove("is-lost");
  } catch {
    fresh.textContent = `已断开，停在 ${siteTime()}`;
    fresh.classList.add("is-lost");
  }
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
