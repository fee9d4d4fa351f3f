// The page as an app. A service worker needs https (or this machine itself): over plain http in the
// local network the page works the same and only says nothing when it is opened without a network.

export function install() {
  if (window.isSecureContext) navigator.serviceWorker?.register("/offline_worker.js").catch(() => {});
}
