// Ringing: two tones, vibration, speech. Silent at once when told so.

const RING_EVERY_MS = 4_000;
const SPEAK_EVERY_RINGS = 3;
const TONES = { urgent: [1047, 784], normal: [880, 659], info: [659, 659] }; // hertz
const DEFAULT_PATTERN = [400, 150, 400];
const PATTERNS = {
  gate: [150, 100, 150, 100, 150],
  parking: [600, 200, 200],
  door: [200, 150, 600],
  consultant: [400, 150, 400, 150, 400],
  manager: [800, 200, 800],
};

export class Bell {
  constructor(roles) {
    this.pattern = PATTERNS[roles.find((role) => role in PATTERNS)] ?? DEFAULT_PATTERN;
    this.ringingId = null;
    this.rungAt = 0;
    this.rings = 0;
  }

  /** Must run inside a tap: browsers allow no sound before one. */
  async unlock() {
    this.audio ??= newAudio();
    await this.audio?.resume();
    // An empty sentence unlocks the voice on phones that ask for a tap.
    window.speechSynthesis?.speak(new SpeechSynthesisUtterance(""));
  }

  get isUnlocked() {
    return this.audio?.state === "running";
  }

  /** Call often: rings for `alert` every few seconds, falls silent for null. */
  keepRinging(alert, now) {
    if (!alert) {
      if (this.ringingId !== null) this.silence();
      return;
    }
    if (alert.alert_id !== this.ringingId) {
      this.silence();
      this.ringingId = alert.alert_id;
      this.rings = 0;
    } else if (now - this.rungAt < RING_EVERY_MS) {
      return;
    }
    this.rungAt = now;
    this.ring(alert, this.rings % SPEAK_EVERY_RINGS === 0);
    this.rings += 1;
  }

  /** Ring a single time, for what needs nobody. */
  ringOnce(alert) {
    this.ring({ ...alert, level: "info" }, true);
  }

  ring(alert, speaks) {
    this.playTwice(TONES[alert.level] ?? TONES.normal);
    navigator.vibrate?.(alert.level === "info" ? [150] : this.pattern);
    if (speaks) this.speak(alert.speech || alert.text);
  }

  warnOfLoss() {
    this.playTwice([330, 247]);
    navigator.vibrate?.([100, 100, 100, 100, 100]);
  }

  silence() {
    this.ringingId = null;
    this.output?.disconnect(); // cuts the tone in the middle
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

  speak(text) {
    const voices = window.speechSynthesis?.getVoices() ?? [];
    // Only the phone's own voices: others would send the sentence to a foreign server.
    const voice = voices.find((one) => one.localService && /^(zh|cmn)/i.test(one.lang));
    if (!window.speechSynthesis || (voices.length > 0 && !voice)) return;
    const sentence = new SpeechSynthesisUtterance(text);
    Object.assign(sentence, { lang: "zh-CN", rate: 0.95, voice: voice ?? null });
    clearTimeout(this.speakLater);
    this.speakLater = setTimeout(() => window.speechSynthesis.speak(sentence), 1_000);
  }
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
  tone.type = "square"; // carries through a noisy hall better than a sine
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.6, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.22);
  tone.connect(volume).connect(output);
  tone.start(at);
  tone.stop(at + 0.23);
}
