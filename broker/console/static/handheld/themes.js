// Dark, or light for the sun: the switch in the foot. theme.js sets it before the first paint.

import { part } from "./dom.js";
import { say } from "./words.js";

export function showTheme() {
  const isDark = document.documentElement.dataset.theme !== "light";
  part("theme").textContent = say(isDark ? "theme.light" : "theme.dark");
}

export function switchTheme() {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === "light" ? "dark" : "light";
  try {
    localStorage.setItem("yingbin.theme", dataset.theme);
  } catch {
    // Dark again next time.
  }
  showTheme();
}
