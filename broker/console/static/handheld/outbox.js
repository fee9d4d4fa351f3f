// What this phone has still to tell the hub, on its disk (IndexedDB) until the hub answers. Where the
// browser keeps nothing, as in a private window, it is kept until the page is closed.

const STORE = "messages";

export class Outbox {
  constructor(name) {
    this.name = name;
    this.db = null;
    this.items = []; // oldest first: { id, topic, kind, body, subject, madeAt, refused }
    this.loose = []; // those of them that are not on the disk
    this.isLasting = true;
  }

  /** Take in what an earlier page left. */
  async load() {
    const kept = await this.use("readonly", (store) => store.getAll()).catch(() => {
      this.isLasting = false;
      return [];
    });
    this.items = [...kept, ...this.loose];
  }

  /** Keep `item`; it is on the disk when this is done, or the outbox is no longer lasting. */
  async add(item) {
    try {
      await this.use("readwrite", (store) => store.add(item));
    } catch {
      this.loose.push(item);
    }
    await this.load();
    this.isLasting &&= this.loose.length === 0;
  }

  /** Note why the hub did nothing. */
  async refuse(item, why) {
    const refused = { ...item, refused: why };
    this.loose = this.loose.map((other) => (other.id === item.id ? refused : other));
    if (item.order) await this.use("readwrite", (store) => store.put(refused)).catch(() => {});
    await this.load();
  }

  async remove(id) {
    this.loose = this.loose.filter((item) => item.id !== id);
    await this.use("readwrite", (store) => deleteById(store, id)).catch(() => {});
    await this.load();
  }

  /** Leave nothing on this phone. */
  async destroy() {
    this.db?.close();
    this.db = null;
    if (this.isLasting) await answered(indexedDB.deleteDatabase(this.name)).catch(() => {});
  }

  /** What `action` asks of the store, once it is done; a connection that the browser lost is renewed. */
  async use(mode, action) {
    try {
      return await this.ask(mode, action);
    } catch (error) {
      if (error.name !== "InvalidStateError") throw error;
      this.db = null;
      return this.ask(mode, action);
    }
  }

  async ask(mode, action) {
    this.db ??= await opened(this.name);
    // "strict": written through to the disk, so that even an empty battery loses nothing.
    const work = this.db.transaction(STORE, mode, { durability: "strict" });
    const asked = action(work.objectStore(STORE));
    await new Promise((done, failed) => {
      work.oncomplete = done;
      work.onabort = () => failed(work.error);
    });
    return asked.result;
  }
}

function deleteById(store, id) {
  const found = store.index("id").getKey(id);
  found.onsuccess = () => found.result === undefined || store.delete(found.result);
  return found;
}

async function opened(name) {
  const asked = indexedDB.open(name, 1);
  asked.onupgradeneeded = () => {
    const store = asked.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
    store.createIndex("id", "id", { unique: true });
  };
  const db = await answered(asked);
  db.onversionchange = () => db.close();
  return db;
}

function answered(asked) {
  return new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}
