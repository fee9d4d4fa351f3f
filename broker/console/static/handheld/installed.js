// The page as an app. A service worker needs https, except on this machine itself. Over plain http
// the page works too, but shows nothing of ours if it is opened without a network.

export function install() {
  if (window.isSecureContext) navigator.serviceWorker?.register("/offline_worker.js").catch(() => {});
}
