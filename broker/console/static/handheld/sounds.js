// How the phone sounds and vibrates: the tone says what is asked, its pitch and the shaking which post.

/** The files of the tones, by what an alert asks; `loss` warns of a lost connection. */
export const TONES = ["call", "notice", "task", "loss"];

// pitch: how much higher the tone is; pattern: milliseconds of vibration and pause.
export const SOUNDS = {
  gate: { pitch: 1.12, pattern: [150, 100, 150, 100, 150] },
  parking: { pitch: 0.89, pattern: [600, 200, 200] },
  door: { pitch: 0.94, pattern: [200, 150, 600] },
  consultant: { pitch: 1, pattern: [400, 150, 400, 150, 400] },
  steward: { pitch: 1.06, pattern: [250, 150, 250, 150, 700] },
  bar: { pitch: 1.19, pattern: [120, 120, 120, 400, 120] },
  showflat: { pitch: 0.84, pattern: [700, 150, 150, 150, 150] },
  cart: { pitch: 0.79, pattern: [300, 300, 300] },
  manager: { pitch: 1.26, pattern: [800, 200, 800] },
};

const ONCE = [150];
const LOUDER = 1.2; // an urgent call sounds higher than the post's usual one

/** The sound of an alert: that of its post, else of the first of this person's posts. */
export function soundOf({ level, role, kind = "call" }, roles) {
  if (level === "info") return { tone: "notice", pitch: 1, pattern: ONCE };
  const own = SOUNDS[role] ?? SOUNDS[roles.find((post) => post in SOUNDS)] ?? SOUNDS.consultant;
  const tone = TONES.includes(kind) ? kind : "call";
  if (level !== "urgent") return { tone, ...own };
  return { tone, pitch: own.pitch * LOUDER, pattern: [...own.pattern, 200, 600] };
}
