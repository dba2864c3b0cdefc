// Lines of a question that can be added and taken away: options, numbers, criteria.

import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";

/** @typedef {{ element: HTMLElement, value: () => any }} Part */

/**
 * @param {object} plan
 * @param {string} plan.legend
 * @param {string} plan.add what the button says
 * @param {any[]} plan.values
 * @param {number} plan.least
 * @param {(value: any, place: number) => Part} plan.part
 * @param {(present: any[]) => any} plan.fresh a further one
 * @param {() => void} plan.changed
 * @returns {Part}
 */
export function lines(plan) {
  const list = h("ol", { class: "cards" });
  /** @type {Part[]} */
  let parts = [];
  const values = () => parts.map((part) => part.value());
  /** @param {any[]} present */
  const show = (present) => {
    parts = present.map(plan.part);
    const rows = parts.map((part, place) => h("li", { class: "card" }, part.element, remove(place, present.length)));
    fill(list, rows);
    plan.changed();
  };
  /** @param {number} place @param {number} count */
  const remove = (place, count) =>
    count > plan.least &&
    h("button", { type: "button", class: "link", "aria-label": t("authoring.editor.removeLine", { number: place + 1 }), onClick: () => shrink(place) }, t("authoring.editor.remove"));
  /** @param {number} place */
  const shrink = (place) => {
    show(values().filter((_, other) => other !== place));
    add.focus();
  };
  const add = h("button", { type: "button", onClick: () => grow() }, plan.add);
  const grow = () => {
    show([...values(), plan.fresh(values())]);
    /** @type {HTMLElement | null} */ (list.lastElementChild?.querySelector("input, textarea") ?? null)?.focus();
  };
  show(plan.values);
  return { element: h("fieldset", {}, h("legend", {}, plan.legend), list, add), value: values };
}
