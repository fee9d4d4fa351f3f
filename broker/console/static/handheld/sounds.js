// How the phone sounds and vibrates for each post, so that a person with two posts hears which.

// hertz: two tones in turn; pattern: milliseconds of vibration and pause.
export const SOUNDS = {
  gate: { hertz: [988, 740], pattern: [150, 100, 150, 100, 150] },
  parking: { hertz: [784, 587], pattern: [600, 200, 200] },
  door: { hertz: [659, 880], pattern: [200, 150, 600] },
  consultant: { hertz: [880, 659], pattern: [400, 150, 400, 150, 400] },
  steward: { hertz: [698, 523], pattern: [250, 150, 250, 150, 700] },
  bar: { hertz: [1175, 1175], pattern: [120, 120, 120, 400, 120] },
  showflat: { hertz: [587, 784], pattern: [700, 150, 150, 150, 150] },
  cart: { hertz: [523, 523], pattern: [300, 300, 300] },
  manager: { hertz: [1047, 698], pattern: [800, 200, 800] },
};

const ONCE = { hertz: [659, 659], pattern: [150] };
const LOUDER = 1.2; // an urgent call sounds higher than the post's usual one

/** The sound of an alert: that of its post, else of the first of this person's posts. */
export function soundOf(level, role, roles) {
  if (level === "info") return ONCE;
  const own = SOUNDS[role] ?? SOUNDS[roles.find((post) => post in SOUNDS)] ?? SOUNDS.consultant;
  if (level !== "urgent") return own;
  return { hertz: own.hertz.map((tone) => tone * LOUDER), pattern: [...own.pattern, 200, 600] };
}
