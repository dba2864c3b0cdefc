// A state as a sign, a word and a colour: never by colour alone.

import { h } from "./dom.js";

const SIGNS = { good: "✓", medium: "!", high: "▲", critical: "■", technical: "◇", plain: "●", waiting: "…" };

/**
 * @param {keyof typeof SIGNS} tone
 * @param {string} word
 */
export function status(tone, word) {
  return h("span", { class: `status ${tone}` }, h("span", { "aria-hidden": "true" }, SIGNS[tone]), word);
}
