// Rings with a tone, vibration and speech, and stops at once when told to.

import { soundOf, TONES } from "./sounds.js";
import { inOwnWords, language } from "./words.js";

const RING_EVERY_MS = 4_000;
const SPEAK_EVERY_RINGS = 3;
const LOADED_WITHIN_MS = 300;
const PLAIN_HERTZ = 784;

export class Bell {
  constructor(roles) {
    this.roles = roles;
    this.ringing = null; // the alert's id and repeat
    this.rungAt = 0;
    this.rings = 0;
    this.tones = {}; // by name, as soon as they are loaded
  }

  /** Call inside the handler of a tap: browsers allow no sound before the first tap. */
  async unlock() {
    this.audio ??= newAudio();
    await this.audio?.resume();
    this.loadTones(); // by itself: a slow network holds nobody's watch up
    // On phones that need a tap for speech, an empty sentence unlocks it.
    window.speechSynthesis?.speak(new SpeechSynthesisUtterance(""));
  }

  loadTones() {
    if (!this.audio) return;
    for (const name of TONES) {
      this.tones[name] ??= toneOf(this.audio, name).catch(() => (this.tones[name] = null));
    }
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
    const { tone, pitch, pattern } = soundOf(alert, this.roles);
    this.play(tone, pitch);
    vibrate(pattern);
    if (!speaks) return;
    const { speech, text } = inOwnWords(alert);
    this.speak(speech || text, voiceOf(alert));
  }

  warnOfLoss() {
    this.play("loss");
    vibrate([100, 100, 100, 100, 100]);
  }

  silence() {
    this.ringing = null;
    this.output?.disconnect(); // ends the tone at once
    this.output = null;
    clearTimeout(this.speakLater);
    window.speechSynthesis?.cancel();
    vibrate(0);
  }

  /** A tone that has not come yet is a plain one: a phone that rings badly is better than none. */
  async play(name, pitch = 1) {
    if (!this.isUnlocked) return;
    const output = (this.output ??= newOutput(this.audio));
    this.loadTones();
    const tone = await Promise.race([this.tones[name], new Promise((done) => setTimeout(done, LOADED_WITHIN_MS))]);
    if (output !== this.output) return; // silenced meanwhile
    if (tone) playBuffer(this.audio, output, tone, pitch);
    else playPlain(this.audio, output, PLAIN_HERTZ * pitch);
  }

  speak(text, spoken) {
    const voices = window.speechSynthesis?.getVoices() ?? [];
    // Only voices on the phone itself: others would send the sentence to somebody's server.
    const own = voices.filter((candidate) => candidate.localService && spoken.voices.test(candidate.lang));
    const voice = own.find((candidate) => candidate.lang === spoken.tag) ?? own[0];
    if (!wasTouched() || !window.speechSynthesis || (voices.length > 0 && !voice)) return;
    const sentence = new SpeechSynthesisUtterance(text);
    Object.assign(sentence, { lang: spoken.tag, rate: 0.95, voice: voice ?? null });
    clearTimeout(this.speakLater);
    this.speakLater = setTimeout(() => window.speechSynthesis.speak(sentence), 1_000);
  }
}

/** Before the first touch a browser neither shakes nor speaks, and complains of who tries. */
const wasTouched = () => navigator.userActivation?.hasBeenActive ?? true;

function vibrate(pattern) {
  if (wasTouched()) navigator.vibrate?.(pattern);
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

async function toneOf(audio, name) {
  const answer = await fetch(`/static/tones/${name}.wav`);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return audio.decodeAudioData(await answer.arrayBuffer());
}

function playBuffer(audio, output, tone, pitch) {
  const source = audio.createBufferSource();
  source.buffer = tone;
  source.playbackRate.value = pitch;
  source.connect(output);
  source.start();
}

function playPlain(audio, output, hertz) {
  const tone = audio.createOscillator();
  tone.frequency.value = hertz;
  tone.connect(output);
  tone.start();
  tone.stop(audio.currentTime + 0.6);
}
