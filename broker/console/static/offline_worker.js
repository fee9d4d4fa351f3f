// The service worker, which needs https: if the pages cannot be reached, it shows a page of ours
// that says so. It keeps only that page and its styles, no personal data.

const STORE = "yingbin-offline-2";
const KEPT = ["/offline", "/look/tokens.css", "/static/base.css", "/static/login.css", "/static/icon.svg"];

self.addEventListener("install", (event) => {
  const fill = caches.open(STORE).then((store) => store.addAll(KEPT));
  event.waitUntil(fill.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/offline")));
  } else if (KEPT.includes(pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(pathname)));
  }
});
