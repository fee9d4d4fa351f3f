// The switch between dark and light, for use in the sun. theme.js sets it before the first paint.

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
    // Not kept: dark again next time.
  }
  showTheme();
}
