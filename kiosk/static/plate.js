// The plate's keyboard: a key that cannot come next in any plate is switched off.
"use strict";

{
  const field = document.getElementById("plate");
  const done = document.getElementById("plate-done");
  const keys = document.getElementById("plate-keys");
  const forms = JSON.parse(field.dataset.forms);

  const typed = () => field.value.toUpperCase().replace(/[\s·.-]/g, "");
  const formsOf = (text) =>
    forms.filter(({ places }) => [...text].every((sign, at) => places[at]?.includes(sign)));

  function turnTo(panel) {
    for (const each of keys.querySelectorAll(".panel")) each.hidden = each.id !== panel;
  }

  function show() {
    const text = typed();
    turnTo(text ? "letters" : "provinces");
    const possible = formsOf(text);
    const whole = possible.filter(({ places }) => places.length === text.length);
    field.dataset.colour = (whole[0] ?? possible[0])?.colour ?? "";
    // Text that these keys cannot type is left to the kiosk, which knows more spellings.
    done.disabled = possible.length > 0 && whole.length === 0;
    for (const key of keys.querySelectorAll("[data-signs]")) {
      key.disabled = formsOf(text + key.dataset.signs).length === 0;
    }
    for (const key of keys.querySelectorAll("[data-back]")) key.disabled = text === "";
  }

  function put(text) {
    field.value = text;
    show();
    // A key that is switched off loses the focus: keyboard users go on in the field.
    const active = document.activeElement;
    if (active.disabled || !active.checkVisibility()) field.focus();
  }

  keys.addEventListener("click", (event) => {
    const { signs, back, panel } = event.target.closest("button")?.dataset ?? {};
    if (signs) put(typed() + signs);
    else if (back !== undefined) put(typed().slice(0, -1));
    else if (panel) turnTo(panel);
  });
  field.addEventListener("input", show);

  field.inputMode = "none"; // our keys, not the tablet's
  keys.hidden = false;
  show();
}
