// What this phone has still to tell the hub, on its disk (IndexedDB) until the hub answers. Where the
// browser keeps nothing, as in a private window, it is kept until the page is closed.

const STORE = "messages";
const WITHIN_MS = 5_000; // a store that is stuck holds a claim back once, and is then left alone

export class Outbox {
  constructor(name) {
    this.name = name;
    this.db = null;
    this.items = []; // oldest first: { id, topic, kind, body, subject, madeAt, refused }
    this.loose = []; // those of them that may not be on the disk
    this.isLasting = true;
    this.isStuck = false;
  }

  /** Take in what is on the disk, also what an earlier page left. */
  async load() {
    const read = await this.use("readonly", (store) => store.getAll()).catch(() => null);
    if (read) this.loose = without(this.loose, read); // written after all
    this.items = [...(read ?? without(this.items, this.loose)), ...this.loose];
    this.isLasting = Boolean(read) && this.loose.length === 0;
  }

  /** Keep `item`; it is on the disk when this is done, or the outbox is not lasting. */
  async add(item) {
    await this.use("readwrite", (store) => store.add(item)).catch(() => this.loose.push(item));
    await this.load();
  }

  /** Note why the hub did nothing. */
  async refuse(item, why) {
    const refused = { ...item, refused: why };
    this.loose = this.loose.map((other) => (other.id === item.id ? refused : other));
    if (item.order) await this.use("readwrite", (store) => store.put(refused)).catch(() => {});
    await this.load();
  }

  async remove(id) {
    [this.items, this.loose] = [this.items, this.loose].map((items) => items.filter((item) => item.id !== id));
    await this.use("readwrite", (store) => deleteById(store, id)).catch(() => {});
    await this.load();
  }

  /** Leave nothing on this phone. */
  async destroy() {
    this.db?.close();
    this.db = null;
    await this.inTime(() => answered(indexedDB.deleteDatabase(this.name))).catch(() => {});
  }

  /** What `action` asks of the store, once it is done; a connection that the browser lost is renewed. */
  async use(mode, action) {
    try {
      return await this.inTime(() => this.ask(mode, action));
    } catch (error) {
      if (error.name !== "InvalidStateError") throw error;
      this.db = null;
      return this.inTime(() => this.ask(mode, action));
    }
  }

  async inTime(work) {
    if (this.isStuck) throw new Error("the store is stuck");
    let timer;
    const late = new Promise((_, failed) => {
      timer = setTimeout(() => {
        this.isStuck = true;
        failed(new Error("the store is stuck"));
      }, WITHIN_MS);
    });
    return Promise.race([work(), late]).finally(() => clearTimeout(timer));
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

const without = (items, others) => items.filter(({ id }) => !others.some((other) => other.id === id));

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
