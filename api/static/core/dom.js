// Builds elements: every screen is made of these calls, and no text ever becomes markup by accident.

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */
/** @typedef {Record<string, any>} Properties */

/**
 * An element with properties and children. `on…` properties are listeners, `data` sets data attributes,
 * names with a hyphen and those that the element lacks are attributes; null, undefined and false leave one out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Properties} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) set(element, key, value);
  element.append(...nodes(children));
  return element;
}

/**
 * Replace what an element holds.
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
}

/**
 * The element of this id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element ${id}`);
  return found;
}

let made = 0;

/** An id that no other element of this page has. */
export function freshId() {
  made += 1;
  return `made-${made}`;
}

/**
 * @param {HTMLElement} element
 * @param {string} key
 * @param {any} value
 */
function set(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key === "data") Object.assign(element.dataset, value);
  else if (key.startsWith("on")) element.addEventListener(key.slice(2).toLowerCase(), value);
  else if (key === "class") element.className = value;
  else if (key in element && !key.includes("-") && key !== "list") /** @type {any} */ (element)[key] = value;
  else element.setAttribute(key, value === true ? "" : String(value));
}

/**
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function nodes(children) {
  return /** @type {any[]} */ (children)
    .flat(8)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}
