// One line of a rubric: points by key or button, and a remark.

import { h } from "../core/dom.js";
import { rich } from "../core/markup.js";
import { t } from "../core/text.js";

const STEP = 0.5;
const MOST_BUTTONS = 5;

/** @typedef {ReturnType<typeof criterion>} Line */

/**
 * @param {import("./review.js").Essay["rubric"][number]} line
 * @param {{ earned?: string, comment?: string }} kept
 */
export function criterion(line, kept) {
  const most = Number(line.points);
  const input = h("input", { id: `points-${line.key}`, class: "short", inputMode: "decimal", autocomplete: "off", value: kept.earned ?? "", "aria-describedby": `about-${line.key}` });
  const comment = h("input", { "aria-label": t("review.essay.remark"), placeholder: t("review.essay.remark"), value: kept.comment ?? "" });
  const earned = () => {
    const number = Number(input.value.trim().replace(",", "."));
    return input.value.trim() && number >= 0 && number <= most ? number : null;
  };
  const give = (/** @type {number} */ points) => {
    input.value = String(Math.max(0, Math.min(most, points)));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  input.addEventListener("keydown", (event) => {
    const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    give((earned() ?? 0) + step);
  });
  const label = h("label", { htmlFor: input.id }, t("review.essay.points", { most }));
  const buttons = choices(most).map((points) => h("button", { type: "button", "aria-label": t("review.essay.give", { points, most }), onClick: () => give(points) }, points));
  const points = h("div", { class: "field" }, label, h("div", { class: "points" }, input, buttons));
  const element = h("fieldset", { class: "card" }, h("legend", { id: `about-${line.key}` }, rich(line.html)), points, comment);
  return { key: line.key, element, input, comment, earned };
}

/** Each whole number where they are few, else nothing, half and all. @param {number} most */
function choices(most) {
  if (Number.isInteger(most) && most <= MOST_BUTTONS) return Array.from({ length: most + 1 }, (_, points) => points);
  return [...new Set([0, most / 2, most])];
}
