// The browser's stores, which may be full or forbidden, or hold what an older page wrote.

export function keep(store, key, value) {
  try {
    store.setItem(key, JSON.stringify(value));
  } catch {
    // Without a store the page works until it is closed.
  }
}

export function kept(store, key) {
  try {
    return JSON.parse(store.getItem(key));
  } catch {
    return null;
  }
}

export function forget(store, prefix) {
  try {
    Object.keys(store)
      .filter((key) => key.startsWith(prefix))
      .forEach((key) => store.removeItem(key));
  } catch {
    // Nothing is kept.
  }
}
