// What an act changed, as single values by the path that leads to them, with what was there before.

/** @typedef {{ path: string[], before: unknown, after: unknown }} Change `path` begins with the name of a fact */

/**
 * Of two sets of facts every single value that is not in both; what stayed as it was tells nothing.
 * @param {Record<string, unknown>} before
 * @param {Record<string, unknown>} after
 * @returns {Change[]}
 */
export function changes(before, after) {
  const was = leaves(before);
  const is = leaves(after);
  const keys = [...new Set([...was.keys(), ...is.keys()])];
  return keys
    .map((key) => ({ path: /** @type {string[]} */ (JSON.parse(key)), before: was.get(key), after: is.get(key) }))
    .filter((each) => !isSame(each.before, each.after));
}

/** @param {Record<string, unknown>} facts @returns {Map<string, unknown>} by path, which is written as JSON */
function leaves(facts) {
  /** @type {Map<string, unknown>} */
  const found = new Map();
  const walk = (/** @type {unknown} */ value, /** @type {string[]} */ path) => {
    if (isBranch(value)) for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name]);
    else found.set(JSON.stringify(path), value);
  };
  for (const [name, value] of Object.entries(facts)) walk(value, name.split("."));
  return found;
}

/** Lists of plain values are one value. @param {unknown} value @returns {value is object} */
function isBranch(value) {
  if (typeof value !== "object" || value === null || !Object.keys(value).length) return false;
  return !Array.isArray(value) || value.some((each) => typeof each === "object" && each !== null);
}

/** Nothing is nothing, however it is written. @param {unknown} before @param {unknown} after */
function isSame(before, after) {
  const [one, other] = [before, after].map((value) => (isNothing(value) ? null : JSON.stringify(value)));
  return one === other;
}

/** @param {unknown} value */
export function isNothing(value) {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
}
