// Masks phones and plates as the hub does (shared/privacy.py).

const PLATE_WITH_PLACE = 7;

export function maskPhone(phone) {
  const digits = phone.normalize("NFKC").replace(/[^+\d]/g, "");
  return digits.length >= 11 ? `${digits.slice(0, 3)}****${digits.slice(-4)}` : "****";
}

export function maskPlate(plate) {
  const bare = [...plate.replace(/[·•\s]/g, "")];
  if (bare.length < PLATE_WITH_PLACE) return bare.map((sign, place) => (place ? "*" : sign)).join("");
  return `${bare.slice(0, 2).join("")}·${bare[2]}${"*".repeat(bare.length - 5)}${bare.slice(-2).join("")}`;
}
