// Builds drawings: SVG elements by calls, marks of a chart, and what room a text takes.

import { freshId } from "../core/dom.js";

const SPACE = "http://www.w3.org/2000/svg";
const ruler = document.createElement("canvas").getContext("2d");

/**
 * What a chart is drawn with: the room it has and the size of its letters, both in pixels.
 * @typedef {{ width: number, em: number, font: string }} Pen
 */

/** @typedef {(pen: Pen) => { height: number, marks: (SVGElement | null | false)[] }} Draw */

/**
 * An SVG element with attributes, and children or a text.
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {...(SVGElement | string | null | false)} children
 * @returns {SVGElement}
 */
export function s(name, attributes, ...children) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/**
 * How wide a text is.
 * @param {Pen} pen
 * @param {string} text
 */
export function wide(pen, text) {
  if (!ruler) return text.length * pen.em * 0.6;
  ruler.font = pen.font;
  return ruler.measureText(text).width;
}

/**
 * The text, shortened to the room there is.
 * @param {Pen} pen
 * @param {string} text
 * @param {number} room
 */
export function fitted(pen, text, room) {
  if (wide(pen, text) <= room) return text;
  let kept = text.length - 1;
  while (kept > 0 && wide(pen, `${text.slice(0, kept)}…`) > room) kept -= 1;
  return `${text.slice(0, kept).trimEnd()}…`;
}

/**
 * A text at a place; `anchor` is start, middle or end.
 * @param {string} text
 * @param {number} x
 * @param {number} y of the baseline
 * @param {string} [anchor]
 * @param {string} [name] of the class: `quiet` for axes, `strong` for values
 */
export function label(text, x, y, anchor = "start", name = "quiet") {
  return s("text", { x: round(x), y: round(y), "text-anchor": anchor, class: name }, text);
}

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {string} name of the class
 */
export function line(x1, y1, x2, y2, name) {
  return s("line", { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), class: name });
}

/** @typedef {"solid" | "hatched" | "open" | "gap"} Look */

/**
 * A rectangle; its look tells what it means without any colour.
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {Look} look
 * @returns {SVGElement}
 */
export function box(x, y, width, height, look) {
  const place = { x: round(x), y: round(y), width: round(Math.max(0, width)), height: round(Math.max(0, height)) };
  if (look === "solid" || look === "open") return s("rect", { ...place, class: `bar ${look}` });
  const id = freshId();
  const stripe = s("path", { d: look === "gap" ? "M0 8 8 0" : "M-1 1 1 -1M0 6 6 0M5 7 7 5", class: `stripe ${look}` });
  const size = look === "gap" ? 8 : 6;
  const pattern = s("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" }, stripe);
  return s("g", {}, pattern, s("rect", { ...place, fill: `url(#${id})`, class: `bar ${look}` }));
}

/**
 * The drawing itself: one picture for a screen reader, with the table beside it for its numbers.
 * @param {Pen} pen
 * @param {Draw} draw
 * @param {string} name what the picture shows
 */
export function drawing(pen, draw, name) {
  const { height, marks } = draw(pen);
  return s("svg", { viewBox: `0 0 ${round(pen.width)} ${round(height)}`, class: "chart", role: "img", "aria-label": name }, ...marks);
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
