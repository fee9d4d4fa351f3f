// Counts for the page: a browser slows the timers of a page that is not in front, not a worker's.

const running = new Map();

self.onmessage = ({ data: { id, everyMs } }) => {
  clearInterval(running.get(id));
  running.delete(id);
  if (everyMs) running.set(id, setInterval(() => self.postMessage(id), everyMs));
};
