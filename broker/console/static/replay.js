// A day again: the slider goes through its moments, «play» lets them pass, fast, as they followed each other.

import { element, part } from "./handheld/dom.js";

const FASTER = 120;
const LONGEST_MS = 1_500;
const SHORTEST_MS = 120;
const slider = part("slider");
const frames = [...(part("frames")?.children ?? [])];
const held = { line: latest("line"), visits: latest("visits") };

let timer = null;

/** For each moment the template that shows how this part stood: the last one until then. */
function latest(name) {
  let last = null;
  return frames.map((frame) => (last = frame.querySelector(`template[data-of=${name}]`) ?? last));
}

function show(place) {
  const frame = frames[place];
  frames.forEach((each) => each.removeAttribute("aria-current"));
  frame.setAttribute("aria-current", "true");
  slider.value = String(place);
  slider.setAttribute("aria-valuetext", frame.querySelector("time").textContent);
  part("time").textContent = frame.querySelector("time").textContent;
  part("now").textContent = frame.querySelector("span").textContent;
  for (const [name, templates] of Object.entries(held)) {
    const target = part(name);
    const content = templates[place]?.content.cloneNode(true);
    target.replaceChildren(content?.childElementCount ? content : element("li", "soft", target.dataset.none));
  }
}

const place = () => Number(slider.value);

function play() {
  const [now, next] = [frames[place()], frames[place() + 1]];
  if (!next) return pause();
  const apart = (Number(next.dataset.at) - Number(now.dataset.at)) / FASTER;
  timer = setTimeout(() => {
    show(place() + 1);
    play();
  }, Math.min(LONGEST_MS, Math.max(SHORTEST_MS, apart)));
  tell(true);
}

function pause() {
  clearTimeout(timer);
  timer = null;
  tell(false);
}

function tell(isPlaying) {
  const button = part("play");
  button.textContent = isPlaying ? button.dataset.pause : button.dataset.play;
  button.setAttribute("aria-pressed", String(isPlaying));
}

if (frames.length) {
  slider.addEventListener("input", () => {
    pause();
    show(place());
  });
  part("play").addEventListener("click", () => {
    if (timer) return pause();
    if (place() === frames.length - 1) show(0);
    play();
  });
  part("frames").addEventListener("click", ({ target }) => {
    const frame = target.closest("li.replay__frame");
    if (!frame || target.closest("a")) return;
    pause();
    show(frames.indexOf(frame));
  });
  show(0);
}
