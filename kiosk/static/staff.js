// The staff's pages and the register of other visitors: print, sound, and a wait that counts down.
"use strict";

// ── print ──
for (const time of document.querySelectorAll("time[data-now]")) {
  time.textContent = new Date().toLocaleString(document.documentElement.lang);
}
for (const button of document.querySelectorAll("[data-prints]")) {
  button.addEventListener("click", () => print());
}

// ── sound: a tone that any tablet can make, then a sentence if it has a voice for it ──
const TONE_HZ = 880;
const TONE_S = 0.4;

function playTone() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = TONE_HZ;
  volume.gain.setValueAtTime(0.4, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + TONE_S);
  tone.connect(volume).connect(audio.destination);
  tone.addEventListener("ended", () => audio.close());
  tone.start();
  tone.stop(audio.currentTime + TONE_S);
}

function speak(sentence, language) {
  const voice = window.speechSynthesis
    ?.getVoices()
    .find((voice) => voice.lang.replace("_", "-").slice(0, 2) === language.slice(0, 2));
  if (!voice) return false;
  const spoken = new SpeechSynthesisUtterance(sentence);
  spoken.voice = voice;
  spoken.lang = voice.lang;
  speechSynthesis.speak(spoken);
  return true;
}

const sound = document.querySelector("[data-sounds]");
if (sound) {
  const said = document.getElementById("sound-said");
  window.speechSynthesis?.getVoices(); // the first call only makes the browser load them
  sound.addEventListener("click", () => {
    playTone();
    const hasSpoken = speak(sound.dataset.sounds, document.documentElement.lang);
    said.textContent = hasSpoken ? said.dataset.played : said.dataset.voiceless;
  });
}

// ── too many tries: the seconds run down, and the button works again at their end ──
const counting = document.querySelector("[data-counts-down]");
if (counting) {
  const given = counting.dataset.countsDown;
  const sentence = counting.textContent;
  const button = counting.closest("form").querySelector("button");
  const openAt = performance.now() + Number(given) * 1000;
  button.disabled = true;
  const ticking = setInterval(() => {
    const left = Math.ceil((openAt - performance.now()) / 1000);
    counting.textContent = left > 0 ? sentence.replace(given, String(left)) : "";
    if (left > 0) return;
    clearInterval(ticking);
    button.disabled = false;
  }, 500);
}
