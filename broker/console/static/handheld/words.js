// The page's sentences in its language, and what its forms offer: the server put both into the page.

const came = (name) => JSON.parse(document.querySelector(`[data-part=${name}]`).content.textContent);
const table = came("words");

/** By kind, such as `drinks`: pairs of the value in a message and its label. */
export const offers = came("offers");

export const language = document.documentElement.lang;

export function say(key, values = {}) {
  return (table[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** `word("role", "gate")`: the word for a name of a group; an unknown name stays as it is. */
export const word = (group, name) => table[`${group}.${name}`] ?? name;

/** The alert in this page's language, if the hub sent a wording in it; else as it came. */
export const inOwnWords = (alert) => ({ ...alert, ...alert.wordings?.[language] });

export function stateWords(item) {
  const { kind = "call" } = item.alert;
  if (item.state === "mine" && kind !== "call" && item.isPutAway) return say(`alert.mine_${kind}`);
  if (item.state !== "claimed") return say(`alert.${item.state}`);
  return say("alert.claimed", { name: item.closed?.by_name || say("alert.colleague") });
}
