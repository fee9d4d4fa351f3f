// The search that opens by Ctrl-K or its link: asks with every letter, shows what the page says.

const WAIT_MS = 60;

const sheet = document.querySelector("[data-part=find]");
const field = sheet.querySelector("input");
const list = sheet.querySelector("[data-part=found]");
let asked = null;
let timer = 0;

function open(event) {
  event.preventDefault();
  if (!sheet.open) sheet.showModal();
  field.select();
}

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const address = `${sheet.dataset.url}?part=1&q=${encodeURIComponent(field.value)}`;
  try {
    const answer = await fetch(address, { signal: asked.signal, redirect: "error" });
    if (answer.ok) list.innerHTML = await answer.text();
  } catch {
    // Asked again with the next letter; Enter opens the page of the search, which says what is wrong.
  }
}

function step(event) {
  const ways = { ArrowDown: 1, ArrowUp: -1 };
  const links = [field, ...list.querySelectorAll("a")];
  const to = links.indexOf(document.activeElement) + (ways[event.key] ?? 0);
  if (!ways[event.key] || !links[to]) return;
  event.preventDefault();
  links[to].focus();
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") open(event);
});
for (const link of document.querySelectorAll("[data-find]")) link.addEventListener("click", open);
field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
});
sheet.addEventListener("keydown", step);
sheet.querySelector("[data-part=find-form]").addEventListener("submit", (event) => {
  const first = list.querySelector("a");
  if (!first) return;
  event.preventDefault();
  first.click();
});
