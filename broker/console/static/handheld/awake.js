// Keeps the screen on and reads the battery, where the browser allows it.

/** Keep the screen on. Returns whether that works: plain http has no wake lock. */
export async function keepAwake() {
  if (!navigator.wakeLock) return false;
  const ask = () => navigator.wakeLock.request("screen").then(() => true, () => false);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask(); // the lock ends when the page is hidden
  });
  return ask();
}

export async function watchBattery(told) {
  const battery = await navigator.getBattery?.().catch(() => null);
  if (!battery) return;
  const tell = () => told(battery.level);
  battery.addEventListener("levelchange", tell);
  tell();
}
