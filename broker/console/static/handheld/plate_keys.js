// Keys to type a plate with thumbs or gloves: the province, then letters and digits. The grammar is
// that of shared/plate.py; a test compares the two.

import { button, element, testId } from "./dom.js";
import { say } from "./words.js";

const FIRST = [..."京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新", "WJ", "使", "民航"];
const LETTERS = [..."ABCDEFGHJKLMNPQRSTUVWXYZ"];
const DIGITS = [..."0123456789"];
const MARKS = [..."挂学警港澳使领", "应急", "试", "超"];
const SHORTEST = 6;
const LONGEST = 8;

/** The field of a plate; a button opens its keys unless they are open from the start. */
export function plateField(known, { isRequired = false, isOpen = false } = {}) {
  let plate = known.plate?.includes("*") ? "" : (known.plate ?? "");
  let isMarks = false;
  const shown = testId(element("output", "plate-field__shown"), "plate-typed");
  const keys = testId(element("div", "plate-field__keys"), "plate-keys");
  const set = (text) => {
    if (text.length > LONGEST) return;
    plate = text;
    shown.textContent = plate || say("plate.empty");
    drawKeys();
  };
  const drawKeys = () => {
    if (keys.hidden) return;
    const rows = plate === "" ? FIRST : isMarks ? MARKS : [...LETTERS, ...DIGITS];
    const typed = rows.map((key) => plateKey(key, () => set(plate + key)));
    const more = button(say(isMarks ? "plate.letters" : "plate.marks"), () => {
      isMarks = !isMarks;
      drawKeys();
    }, "plate-key plate-key--wide");
    const back = button(say("plate.delete"), () => set([...plate].slice(0, -1).join("")), "plate-key plate-key--wide");
    const clear = testId(button(say("form.clear"), () => set(""), "plate-key plate-key--short"), "plate-clear");
    keys.replaceChildren(...typed, ...(plate === "" ? [] : [more, back, clear]));
  };
  const open = button(say("plate.type"), () => {
    keys.hidden = !keys.hidden;
    drawKeys();
  }, "chip");
  keys.hidden = !isOpen;
  const node = element("fieldset", "field");
  const opening = isOpen ? [] : [testId(open, "plate-open")];
  node.append(element("legend", "field__label", say("field.plate")), shown, ...opening, keys);
  set(plate);
  return {
    node: testId(node, "field-plate"),
    value: () => (plate ? { plate } : {}),
    problem: () => {
      if (!plate) return isRequired ? say("form.required", { field: say("field.plate") }) : null;
      return plate.length < SHORTEST ? say("form.bad_plate") : null;
    },
  };
}

function plateKey(key, type) {
  const made = button(key, type, "plate-key");
  made.dataset.key = key;
  return made;
}
