// Reads the page aloud, with a voice that lives on the tablet: no sentence is sent anywhere.
"use strict";

{
  const SPOKEN = "main :is(h1, .lead, .greeting, .problem, .choice-name, .spoken)";
  const RATE = 0.9;
  const again = document.getElementById("hear");
  let hasSpoken = false;

  function voice() {
    const wanted = document.documentElement.lang.toLowerCase();
    const ours = speechSynthesis.getVoices().filter((one) => one.localService);
    const tag = (one) => one.lang.toLowerCase().replace("_", "-");
    return (
      ours.find((one) => tag(one) === wanted) ??
      ours.find((one) => tag(one).startsWith(wanted.slice(0, 2)))
    );
  }

  function speak() {
    const found = voice();
    again.hidden = !found;
    if (!found) return;
    hasSpoken = true;
    speechSynthesis.cancel();
    for (const part of document.querySelectorAll(SPOKEN)) {
      const sentence = new SpeechSynthesisUtterance(part.textContent.replace(/\s+/g, " ").trim());
      Object.assign(sentence, { voice: found, lang: found.lang, rate: RATE });
      speechSynthesis.speak(sentence);
    }
  }

  if ("speechSynthesis" in window) {
    again.addEventListener("click", speak);
    addEventListener("pagehide", () => speechSynthesis.cancel());
    speechSynthesis.addEventListener("voiceschanged", () => {
      if (!hasSpoken) speak(); // browsers may learn of their voices late
    });
    speak();
  }
}
