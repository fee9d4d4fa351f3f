// Timers that stay exact in the background; mqtt.js uses them for its keep-alive.

const worker = new Worker(new URL("./timer_worker.js", import.meta.url));
const actions = new Map();
let lastId = 0;

worker.onmessage = ({ data: id }) => actions.get(id)?.();

export function every(everyMs, action) {
  lastId += 1;
  actions.set(lastId, action);
  worker.postMessage({ id: lastId, everyMs });
  return lastId;
}

export function stop(id) {
  actions.delete(id);
  worker.postMessage({ id, everyMs: 0 });
}

export const mqttTimers = { set: (action, everyMs) => every(everyMs, action), clear: stop };
