// Runs timers for the page: browsers slow down those of a page in the background, not a worker's.

const running = new Map();

self.onmessage = ({ data: { id, everyMs } }) => {
  clearInterval(running.get(id));
  running.delete(id);
  if (everyMs) running.set(id, setInterval(() => self.postMessage(id), everyMs));
};
