// Connects a page that is no handheld: it sends what is decided, never rings, and sends no presence.

import { accountInTheEnd } from "./account.js";
import { setClock } from "./clock.js";
import { Desk } from "./desk.js";
import { newId } from "./ids.js";
import { Link } from "./link.js";
import { Site } from "./site.js";

/** The desk, connected; `draw(site)` is called after each answer about the site. */
export async function openDesk(draw) {
  const device = `desk-${newId(Date.now()).slice(-12)}`;
  const account = await accountInTheEnd(device);
  setClock(account.server_time, account.zone);
  const tell = (isConnected) => (document.body.dataset.connected = String(isConnected));
  const on = { up: () => tell(true), down: () => tell(false), message: () => {} };
  const refused = async () => {
    await accountInTheEnd(device); // leads to the log-in itself, if the log-in is over
    location.assign("/login?to=console&why=refused");
  };
  const link = new Link(account, device, { ...on, refused }, false);
  link.open();
  const site = new Site(() => draw(site));
  const post = ({ topic, body }) => (link.send(topic, body) ? "sent" : "not_sent");
  const desk = new Desk({ staffId: account.staff_id }, site, post);
  await site.ask();
  return desk;
}
