// Reads the page aloud, with a voice of the tablet's own: no sentence is sent anywhere.
"use strict";

{
  const SPOKEN = "main :is(h1, .lead, .greeting, .problem, .choice-name, .spoken)";
  const RATE = 0.9;
  const again = document.getElementById("hear");
  let hasSpoken = false;

  function voice() {
    const wanted = document.documentElement.lang.toLowerCase();
    const ours = speechSynthesis.getVoices().filter((candidate) => candidate.localService);
    const tag = (candidate) => candidate.lang.toLowerCase().replace("_", "-");
    return (
      ours.find((candidate) => tag(candidate) === wanted) ??
      ours.find((candidate) => tag(candidate).startsWith(wanted.slice(0, 2)))
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
      if (!hasSpoken) speak(); // browsers may load their voices late
    });
    speak();
  }
}
