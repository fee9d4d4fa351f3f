// Makes ids: UUID version 7 (RFC 9562), and this device's id. Plain http has no crypto.randomUUID.

import { keep, kept } from "./storage.js";

export function newId(now) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let place = 0; place < 6; place += 1) {
    bytes[place] = Math.floor(now / 2 ** (8 * (5 - place))) % 256;
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function deviceId() {
  const known = kept(localStorage, "yingbin.device");
  if (/^d[0-9a-f]{12}$/.test(known ?? "")) return known;
  const fresh = `d${newId(Date.now()).slice(-12)}`;
  keep(localStorage, "yingbin.device", fresh);
  return fresh;
}
