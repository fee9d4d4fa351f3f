// Makes elements without markup in strings: a visitor's name is text, never HTML.

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function testId(made, id) {
  made.dataset.testid = id;
  return made;
}

export function button(text, action, className = "button") {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

export const part = (name) => document.querySelector(`[data-part="${name}"]`);
