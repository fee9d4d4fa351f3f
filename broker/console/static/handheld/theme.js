// Sets dark or light before the first paint; for that it is no module, unlike all other scripts.
try {
  document.documentElement.dataset.theme = localStorage.getItem("yingbin.theme") || "dark";
} catch {
  // Without storage: dark.
}
