// The page's sentences in its language, and what its forms offer: the server's tables, as they
// came with the page.

const came = (name) => JSON.parse(document.querySelector(`[data-part=${name}]`).content.textContent);
const table = came("words");

/** By kind, as `drinks`: pairs of what a message carries of the thing, and its label. */
export const offers = came("offers");

export const language = document.documentElement.lang;

export function say(key, values = {}) {
  return (table[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** `word("role", "gate")`: one of a group; what the table does not know stays as it came. */
export const word = (group, name) => table[`${group}.${name}`] ?? name;

/** An alert as this page says it; as it came where the hub has no wording in this language. */
export const inOwnWords = (alert) => ({ ...alert, ...alert.wordings?.[language] });

export function stateWords(item) {
  if (item.state !== "claimed") return say(`alert.${item.state}`);
  return say("alert.claimed", { name: item.closed?.by_name || say("alert.colleague") });
}
