// The texts of this page in the reader's language: one catalogue, delivered with the shell.

import { byId } from "./dom.js";

/** @typedef {Record<string, string | number>} Values */

export const language = document.documentElement.lang;
const plural = new Intl.PluralRules(language);
const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const catalogue = JSON.parse(byId("catalogue").textContent ?? "{}");

/**
 * The text of a key such as `account.signIn.title`, with its `{names}` filled in. A text that depends on a number
 * is an object by plural category; `count` chooses.
 * @param {string} key
 * @param {Values} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  return pattern(key, values).replace(/\{(\w+)\}/g, (_, name) => shown(key, name, values[name]));
}

/**
 * The same with elements in it: a link in a sentence, say.
 * @param {string} key
 * @param {Record<string, Node | string | number>} values
 * @returns {(Node | string)[]}
 */
export function parts(key, values) {
  const pieces = pattern(key, {}).split(/\{(\w+)\}/);
  return pieces.map((piece, place) => (place % 2 ? inserted(key, piece, values[piece]) : piece));
}

/**
 * Whether there is such a text: words of the interface that a newer server may add have none yet.
 * @param {string} key
 */
export function has(key) {
  return found(key) !== undefined;
}

/** The names that have a text below this key, in the catalogue's order. @param {string} key @returns {string[]} */
export function names(key) {
  return Object.keys(found(key) ?? {});
}

/** @param {number} value */
export function shownNumber(value) {
  return number.format(value);
}

/**
 * @param {string} key
 * @returns {any}
 */
function found(key) {
  return key.split(".").reduce((texts, name) => texts?.[name], catalogue);
}

/**
 * @param {string} key
 * @param {Values} values
 * @returns {string}
 */
function pattern(key, values) {
  const text = found(key);
  if (typeof text === "string") return text;
  if (text && "count" in values) return text[plural.select(Number(values.count))] ?? text.other;
  throw new Error(`there is no text ${key}`);
}

/**
 * @param {string} key
 * @param {string} name
 * @param {string | number | undefined} value
 */
function shown(key, name, value) {
  if (value === undefined) throw new Error(`the text ${key} needs ${name}`);
  return typeof value === "number" ? number.format(value) : value;
}

/**
 * @param {string} key
 * @param {string} name
 * @param {Node | string | number | undefined} value
 * @returns {Node | string}
 */
function inserted(key, name, value) {
  return value instanceof Node ? value : shown(key, name, value);
}
