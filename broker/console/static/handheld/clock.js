// The site's time. A phone's clock may be an hour off, so we count on from the server's time.

import { language, say } from "./words.js";

let offsetMs = 0;
let zone;

export function setClock(serverTime, siteZone) {
  const told = Date.parse(serverTime);
  if (!Number.isNaN(told)) offsetMs = told - Date.now();
  zone = siteZone;
}

/** How far the phone's own clock is ahead of the site's. */
export const clockAheadS = () => Math.round(-offsetMs / 1000);

export const now = () => Date.now() + offsetMs;

export const moment = (ms = now()) => new Date(ms).toISOString();

export function timeOfDay(ms, withSeconds = false) {
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  if (withSeconds) parts.second = "2-digit";
  return new Intl.DateTimeFormat(language, parts).format(ms);
}

export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) {
    return say("time.hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  }
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}
