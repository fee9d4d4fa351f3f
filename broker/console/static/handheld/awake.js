// Keeping the screen on, and the battery's state, where the browser allows either.

/** Keep the screen on from now; whether that works here (plain http has no wake lock). */
export async function keepAwake() {
  if (!navigator.wakeLock) return false;
  const ask = () => navigator.wakeLock.request("screen").then(() => true, () => false);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask(); // the lock ends when the page is left
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
