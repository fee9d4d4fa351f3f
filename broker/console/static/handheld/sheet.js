// The sheet that slides over the page: a form, or a few lines to read.

import { button, element, part, testId } from "./dom.js";
import { FIELDS } from "./fields.js";
import { isDone } from "./messages.js";
import { recordAt } from "./reader.js";
import { say } from "./words.js";

/**
 * Show the form until it is sent or kept; `send(filled)` comes to what became of it, and to what came
 * back, which is told here.
 * `problem(filled)` says what is wrong with the whole of it, if anything.
 * With `taps` it has a button for each of these pairs of a value and its label: a tap sends it.
 */
export function openForm(name, { fields: fieldNames = [], taps, problem: wrongOf }, known, send) {
  const fields = fieldNames.map((fieldName) => FIELDS[fieldName](known));
  const form = element("form", "sheet-page__form");
  form.noValidate = true;
  const said = testId(element("p", "sheet-page__said"), "form-said");
  said.setAttribute("role", "alert");
  const note = say(`form.${name}_note`);
  if (note !== `form.${name}_note`) form.append(element("p", "sheet-page__note", note));
  form.append(...fields.map(({ node }) => node), said, ...submits(name, taps));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.inert) return;
    const filled = Object.assign({}, ...fields.map((field) => field.value()));
    const problem = fields.map((field) => field.problem()).find(Boolean) ?? wrongOf?.(filled);
    said.textContent = problem ?? "";
    if (problem) return;
    const tapped = taps ? { [taps.field]: event.submitter.value } : {};
    form.inert = true; // a second tap would send it twice
    const { outcome, reply } = await send({ ...tapped, ...filled });
    const answer = isDone(outcome) ? await reply : say(`act.${outcome}`);
    form.inert = false;
    said.textContent = answer ?? ""; // what was filled in stays, to be put right
    if (!answer && form.isConnected) close();
  });
  show(name, known.title, form);
}

function submits(name, taps) {
  if (!taps) return [testId(element("button", "button button--main", say(`form.${name}`)), "form-send")];
  const asked = element("p", "field__label", say(`form.${name}`));
  const buttons = taps.offers().map(([value, words]) => {
    const made = testId(element("button", "button", words), `tap-${value}`);
    made.value = value;
    return made;
  });
  return [asked, ...buttons];
}

/** Show the record of another page of ours, with `more(record)` below; its links lead on in the sheet. */
export async function showRecord(name, address, more) {
  showLines(name, [say("form.asking")]);
  const record = await recordAt(address);
  if (!record) {
    showLines(name, [say("form.not_read")]);
    return;
  }
  record.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || link.target) return;
    event.preventDefault();
    showRecord("dispute", link.href, more);
  });
  record.append(...more(record));
  show(name, "", record);
}

/** Show a few lines: first the answer, then what explains it. */
export function showLines(name, lines) {
  const list = testId(element("div", "sheet-page__lines"), `lines-${name}`);
  list.append(...lines.map((line, place) => element("p", place ? "line-rest" : "line-first", line)));
  show(name, "", list);
}

/** Show what may be chosen, one link below the other. */
export function showLinks(name, about, links) {
  const list = testId(element("div", "sheet-page__lines"), `links-${name}`);
  list.append(...links);
  show(name, about, list);
}

/** Whether the lines of this name are what is read now. */
export const isShown = (name) => part("sheet").open && Boolean(document.querySelector(`[data-testid=lines-${name}]`));

/** Ask before `act` is done; closing the sheet is the way back. */
export function askBefore(name, words, act) {
  const asked = element("div", "sheet-page__form");
  const yes = button(say(`form.${name}`), act, "button");
  const no = button(say(`form.${name}_not`), close, "button button--main");
  asked.append(element("p", "sheet-page__note", words), testId(no, "ask-no"), testId(yes, "ask-yes"));
  show(name, "", asked);
}

function show(name, about, content) {
  const sheet = part("sheet");
  const head = element("div", "sheet-page__head");
  head.append(
    element("h2", "", about ? `${say(`form.${name}_title`)} · ${about}` : say(`form.${name}_title`)),
    testId(button(say("form.close"), close), "sheet-close"),
  );
  const ring = sheet.querySelector(".ring-bar"); // stays on top of whatever is read
  sheet.replaceChildren(...(ring ? [ring] : []), head, content);
  sheet.setAttribute("aria-label", say(`form.${name}_title`));
  if (!sheet.open) sheet.showModal();
  sheet.scrollTop = 0;
}

export const close = () => part("sheet").close();
