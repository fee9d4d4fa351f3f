// The little that needs a script: forgetting an idle visitor, waiting for a name on the last page,
// narrowing the list of consultants while the visitor types, and sending a form only once.
"use strict";

const page = document.body.dataset;
const seconds = (value) => Number(value) * 1000;

// A page that the browser kept (bfcache) may show an earlier visitor: fetch it anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
addEventListener("pagehide", (event) => {
  if (event.persisted) document.body.replaceChildren();
});

// ── sent once ──
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});

// ── leave nothing behind ──
async function reset() {
  document.body.replaceChildren();
  document.title = "";
  try {
    const answer = await fetch(page.reset, {
      method: "POST",
      headers: { "X-CSRF-Token": page.csrf },
      redirect: "manual",
    });
    if (answer.status >= 500) throw new Error(`reset: ${answer.status}`);
    location.replace(page.home);
  } catch {
    setTimeout(reset, 2000); // the kiosk's computer is away; the screen stays empty meanwhile
  }
}

// ── idle ──
function whenTouched(act) {
  for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
    addEventListener(kind, act, { passive: true });
  }
}

// A page without a visitor's data goes back to the welcome by itself.
function leaveWhenIdle() {
  let leaving = 0;
  const wait = () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => location.replace(page.home), seconds(page.leaveS));
  };
  whenTouched(wait);
  wait();
}

function watchIdle() {
  const dialog = document.getElementById("idle");
  const left = document.getElementById("idle-seconds");
  let touchedAt = performance.now();
  let toldAt = touchedAt;
  let ticking = 0;

  function touch() {
    if (dialog.open) return; // only its button or Escape closes it: no tap falls through
    touchedAt = performance.now();
    if (touchedAt - toldAt > 4000) {
      toldAt = touchedAt;
      stayAlive();
    }
  }

  // Tells the kiosk that the visit is not idle; one that is over is shown no longer.
  async function stayAlive() {
    const answer = await fetch(page.alive).catch(() => null);
    if (answer?.status === 410) location.replace(page.home);
  }

  // A phone that lay dark did not count the seconds.
  document.addEventListener("visibilitychange", () => document.hidden || stayAlive());

  function tick() {
    const idle = performance.now() - touchedAt;
    if (idle >= seconds(page.idleResetS)) {
      clearInterval(ticking);
      reset();
    } else if (idle >= seconds(page.idleWarningS)) {
      left.textContent = Math.ceil((seconds(page.idleResetS) - idle) / 1000);
      if (!dialog.open) dialog.showModal();
    }
  }

  whenTouched(touch);
  document.getElementById("idle-stay").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", touch);
  ticking = setInterval(tick, 250);
}

// ── who comes? ──
function waitForHost(done) {
  let returnAt = 0;
  const wait = () => { returnAt = performance.now() + seconds(done.dataset.returnS); };
  whenTouched(wait); // visitors who read or scan the code are not sent away
  wait();
  const polling = setInterval(async () => {
    if (performance.now() >= returnAt) {
      clearInterval(polling);
      reset();
      return;
    }
    try {
      const answer = await (await fetch(done.dataset.poll)).json();
      if (answer.showing === "over") location.replace(page.home);
      else if (answer.showing !== done.dataset.showing) location.reload();
    } catch {
      // the kiosk's computer is away for a moment; ask again
    }
  }, Number(done.dataset.everyMs));
}

// ── the code for visitors' own phones: another one soon, and at once when one was used ──
const DOOR_EVERY_MS = 3000;
function renewCode(door) {
  setInterval(async () => {
    try {
      const answer = await fetch(`${door.dataset.url}?shown=${door.dataset.shown}`);
      if (answer.status !== 200 || answer.redirected) return;
      const { shown, svg } = await answer.json();
      door.innerHTML = svg; // drawn by the kiosk
      door.dataset.shown = shown;
    } catch {
      // the kiosk's computer is away for a moment; ask again
    }
  }, DOOR_EVERY_MS);
}

// ── a tablet that a manager ended shows nothing of the house any more ──
const OURS_EVERY_MS = 1500;
function watchOurs() {
  setInterval(async () => {
    try {
      if ((await fetch(page.ours)).redirected) location.replace(page.home);
    } catch {
      // the kiosk's computer is away for a moment; ask again
    }
  }, OURS_EVERY_MS);
}

// ── the consultants' list narrows ──
function narrow(input) {
  const tiles = [...document.getElementById(input.dataset.filters).querySelectorAll("[data-name]")];
  const none = document.getElementById("tiles-none");
  const plain = (text) => text.toLowerCase().replace(/[\s·'’-]+/g, "");
  const isLike = ({ name, spellings }, typed) =>
    plain(name).includes(typed) || spellings.split(" ").some((spelling) => spelling.startsWith(typed));
  const filter = () => {
    const typed = plain(input.value);
    for (const tile of tiles) tile.hidden = !isLike(tile.dataset, typed);
    none.textContent = typed && tiles.every((tile) => tile.hidden) ? none.dataset.text : "";
  };
  input.addEventListener("input", filter);
}

const done = document.getElementById("done");
if (done) waitForHost(done);
else if (page.idleResetS) watchIdle();
else if (page.leaveS) leaveWhenIdle();
if (page.reloadS) setTimeout(() => location.reload(), seconds(page.reloadS));
const door = document.getElementById("door");
if (door) renewCode(door);
if (page.ours) watchOurs();
const filtering = document.querySelector("[data-filters]");
if (filtering) narrow(filtering);
