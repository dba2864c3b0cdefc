// Fields of an editor: each knows where its value stands in the question, so that a problem finds its place.

import { freshId, h } from "../core/dom.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */
/** @typedef {{ element: HTMLElement, control: Control, value: () => string }} Field */

/**
 * @param {string} label
 * @param {string} pointer where the value stands, as the interface names it
 * @param {Control} control
 * @param {string} [hint]
 * @returns {Field}
 */
export function field(label, pointer, control, hint) {
  control.id = freshId();
  control.dataset.pointer = pointer;
  const about = hint ? h("p", { class: "hint", id: `${control.id}-hint` }, hint) : null;
  if (about) control.setAttribute("aria-describedby", about.id);
  const element = h("div", { class: "field" }, h("label", { htmlFor: control.id }, label), about, control);
  return { element, control, value: () => control.value.trim() };
}

/** @param {string} label @param {string} pointer @param {string} value @param {string} [hint] */
export function line(label, pointer, value, hint) {
  return field(label, pointer, h("input", { value, autocomplete: "off" }), hint);
}

/** @param {string} label @param {string} pointer @param {string | number} value @param {string} [hint] */
export function number(label, pointer, value, hint) {
  const made = field(label, pointer, h("input", { value: String(value), inputMode: "decimal", autocomplete: "off", class: "short" }), hint);
  return { ...made, value: () => made.control.value.trim().replace(",", ".") };
}

/** @param {string} label @param {string} pointer @param {string} value @param {string} [hint] @param {number} [rows] */
export function text(label, pointer, value, hint, rows = 3) {
  return field(label, pointer, h("textarea", { value, rows }), hint);
}

/** @param {string} label @param {string} pointer @param {string} value @param {[string, string][]} options */
export function choice(label, pointer, value, options) {
  const made = options.map(([each, words]) => h("option", { value: each, selected: each === value }, words));
  return field(label, pointer, h("select", {}, made));
}

/**
 * Put each problem beside the control that it is about; those without one are returned.
 * @param {HTMLElement} within
 * @param {{ pointer: string, problem: string, advice?: string }[]} problems
 * @returns {string[]}
 */
export function complain(within, problems) {
  clear(within);
  const homeless = [];
  for (const { pointer, problem, advice } of problems) {
    const said = [problem, advice].filter(Boolean).join("; ");
    const control = homeOf(within, pointer);
    if (!control) homeless.push(said);
    else {
      control.setAttribute("aria-invalid", "true");
      const words = h("p", { class: "wrong", id: `${control.id}-wrong` }, said);
      control.before(words);
      control.setAttribute("aria-errormessage", words.id);
    }
  }
  return homeless;
}

/** @param {HTMLElement} within */
export function clear(within) {
  for (const words of within.querySelectorAll(".wrong")) words.remove();
  for (const control of within.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
}

/** @param {HTMLElement} within @param {string} pointer @returns {HTMLElement | undefined} */
function homeOf(within, pointer) {
  const controls = /** @type {HTMLElement[]} */ ([...within.querySelectorAll("[data-pointer]")]);
  return controls.find((control) => control.dataset.pointer === pointer);
}
