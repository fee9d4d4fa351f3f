// Rings with two tones, vibration and speech, and stops at once when told to.

import { soundOf } from "./sounds.js";
import { inOwnWords, language } from "./words.js";

const RING_EVERY_MS = 4_000;
const SPEAK_EVERY_RINGS = 3;
export class Bell {
  constructor(roles) {
    this.roles = roles;
    this.ringing = null; // the alert's id and repeat
    this.rungAt = 0;
    this.rings = 0;
  }

  /** Call inside the handler of a tap: browsers allow no sound before the first tap. */
  async unlock() {
    this.audio ??= newAudio();
    await this.audio?.resume();
    // On phones that need a tap for speech, an empty sentence unlocks it.
    window.speechSynthesis?.speak(new SpeechSynthesisUtterance(""));
  }

  get isUnlocked() {
    return this.audio?.state === "running";
  }

  /** Call often: rings for `alert` every few seconds; with null it is silent. */
  keepRinging(alert, now) {
    if (!alert) {
      if (this.ringing !== null) this.silence();
      return;
    }
    const called = `${alert.alert_id} ${alert.repeat ?? 0}`;
    if (called !== this.ringing) {
      this.silence();
      this.ringing = called;
      this.rings = 0;
    } else if (now - this.rungAt < RING_EVERY_MS) {
      return;
    }
    this.rungAt = now;
    this.ring(alert, this.rings % SPEAK_EVERY_RINGS === 0);
    this.rings += 1;
  }

  /** Ring once, for an alert that nobody needs to claim. */
  ringOnce(alert) {
    this.ring({ ...alert, level: "info" }, true);
  }

  ring(alert, speaks) {
    const { hertz, pattern } = soundOf(alert.level, alert.role, this.roles);
    this.playTwice(hertz);
    navigator.vibrate?.(pattern);
    if (!speaks) return;
    const { speech, text } = inOwnWords(alert);
    this.speak(speech || text, voiceOf(alert));
  }

  warnOfLoss() {
    this.playTwice([330, 247]);
    navigator.vibrate?.([100, 100, 100, 100, 100]);
  }

  silence() {
    this.ringing = null;
    this.output?.disconnect(); // ends the tone at once
    this.output = null;
    clearTimeout(this.speakLater);
    window.speechSynthesis?.cancel();
    navigator.vibrate?.(0);
  }

  playTwice([high, low]) {
    if (!this.isUnlocked) return;
    this.output ??= newOutput(this.audio);
    [high, low, high, low].forEach((hertz, place) => {
      playTone(this.audio, this.output, hertz, this.audio.currentTime + place * 0.24);
    });
  }

  speak(text, spoken) {
    const voices = window.speechSynthesis?.getVoices() ?? [];
    // Only voices on the phone itself: others would send the sentence to somebody's server.
    const own = voices.filter((candidate) => candidate.localService && spoken.voices.test(candidate.lang));
    const voice = own.find((candidate) => candidate.lang === spoken.tag) ?? own[0];
    if (!window.speechSynthesis || (voices.length > 0 && !voice)) return;
    const sentence = new SpeechSynthesisUtterance(text);
    Object.assign(sentence, { lang: spoken.tag, rate: 0.95, voice: voice ?? null });
    clearTimeout(this.speakLater);
    this.speakLater = setTimeout(() => window.speechSynthesis.speak(sentence), 1_000);
  }
}

const CHINESE_VOICES = /^(zh|cmn|yue)/i;
const VOICES = {
  "zh-CN": { tag: "zh-CN", voices: CHINESE_VOICES },
  en: { tag: "en-US", voices: /^en/i },
  "zh-TW": { tag: "zh-TW", voices: CHINESE_VOICES },
};

/** The page's language if the alert has a wording in it, else that of the hub's own sentence. */
function voiceOf(alert) {
  if (alert.wordings?.[language]) return VOICES[language];
  if (!/\p{Script=Han}/u.test(alert.speech || alert.text)) return VOICES.en;
  return VOICES[language === "zh-TW" ? "zh-TW" : "zh-CN"];
}

function newAudio() {
  const Audio = window.AudioContext ?? window.webkitAudioContext;
  return Audio ? new Audio() : null;
}

function newOutput(audio) {
  const output = audio.createDynamicsCompressor();
  output.connect(audio.destination);
  return output;
}

function playTone(audio, output, hertz, at) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "square"; // heard better in a noisy hall than a sine
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.6, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.22);
  tone.connect(volume).connect(output);
  tone.start(at);
  tone.stop(at + 0.23);
}
