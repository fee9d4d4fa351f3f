// Dark or light, before the first paint; the one script that is not a module.
try {
  document.documentElement.dataset.theme = localStorage.getItem("yingbin.theme") || "dark";
} catch {
  // No storage here: dark.
}
