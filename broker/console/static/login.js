// The log-in page: choose the name, then type the PIN on the pad.

import { forget } from "./handheld/storage.js";

const form = document.querySelector("form");
const pin = form.elements.pin;
const shownName = document.querySelector("[data-part=name]");

function showStep(step) {
  document.body.dataset.step = step;
  pin.value = "";
  if (step === "pin") pin.focus();
  window.scrollTo(0, 0);
}

function forgetMessage() {
  document.querySelector("[data-testid=message]")?.remove();
}

function choose(radio) {
  shownName.textContent = radio.closest("label").querySelector(".person__name").textContent;
  showStep("pin");
}

function press(button) {
  if (button.dataset.digit && pin.value.length < pin.maxLength) {
    pin.value += button.dataset.digit;
  } else if (button.dataset.action === "delete") {
    pin.value = pin.value.slice(0, -1);
  } else if (button.dataset.action === "back") {
    document.querySelectorAll("[name=staff_id]").forEach((radio) => (radio.checked = false));
    forgetMessage();
    showStep("person");
  }
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[type=button]");
  if (button) press(button);
});
form.addEventListener("change", (event) => {
  if (event.target.name !== "staff_id") return;
  forgetMessage();
  choose(event.target);
});

// After the back button the browser may keep an old choice: start without it.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

// Whoever left takes no customer's name along on the phone.
if ("left" in document.body.dataset) [sessionStorage, localStorage].forEach((store) => forget(store, "yingbin."));
if (document.body.dataset.step === "pin") pin.focus();
