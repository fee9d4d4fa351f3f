// Logging out: ask first if something would be lost, and say good-bye.

import { logOutBy } from "./account.js";
import { part } from "./dom.js";
import { askBefore } from "./sheet.js";
import { forget } from "./storage.js";
import { say } from "./words.js";

const GOOD_BYE_WITHIN_MS = 1_000;

/** `link()` is the connection of now. */
export function watchLogOut(courier, link) {
  part("logout").addEventListener("submit", (event) => {
    event.preventDefault();
    const count = courier.waiting.length;
    const leave = () => leaveBy(event.target, courier.outbox, link());
    if (count === 0) leave();
    else askBefore("log_out", say("form.log_out_loses", { count }), leave);
  });
}

/** Say good-bye first, or the last will would report this phone as lost. */
async function leaveBy(form, outbox, link) {
  await outbox.destroy();
  forget(sessionStorage, "yingbin.");
  forget(localStorage, `yingbin.${link.account.site}`);
  const inTime = new Promise((done) => setTimeout(done, GOOD_BYE_WITHIN_MS));
  await Promise.race([link.close(), inTime]);
  logOutBy(form);
}
