// Bars one below the other, each with its name and its value in words; parts of a bar differ in their look.

import { steps } from "./scale.js";
import { box, fitted, label, line, s, wide } from "./svg.js";

/** @typedef {{ name: string, told: string, parts: { value: number, look: import("./svg.js").Look }[] }} Bar */

/**
 * @param {object} plan
 * @param {Bar[]} plan.bars
 * @param {string} plan.across what the axis means, with its unit
 * @param {(value: number) => string} plan.shown
 * @param {number[]} [plan.ticks] of an axis that ends where it must, such as at all of it
 * @returns {import("./svg.js").Draw}
 */
export function bars({ bars, across, shown, ticks }) {
  return (pen) => {
    const { em } = pen;
    const marksOfAxis = ticks ?? steps(Math.max(...bars.map(total)), pen.width < 30 * em ? 3 : 6);
    const most = marksOfAxis.at(-1) ?? 1;
    const edge = wide(pen, shown(most)) / 2 + 1;
    const width = pen.width - edge;
    const isBelow = bars.some((bar) => wide(pen, bar.name) + wide(pen, bar.told) + em * 2 > pen.width);
    const head = em * (isBelow ? 2.8 : 1.4);
    const row = head + em * 2.1;
    const bottom = bars.length * row;
    /** @param {number} value */
    const x = (value) => (value / most) * width;
    const axis = marksOfAxis.map((tick) => label(shown(tick), Math.max(x(tick), wide(pen, shown(tick)) / 2), bottom + em * 1.2, "middle"));
    const rows = bars.map((bar, place) => {
      const top = place * row;
      const baseline = top + em * 1.05;
      const name = fitted(pen, bar.name, isBelow ? pen.width : pen.width - wide(pen, bar.told) - em);
      const told = isBelow ? label(bar.told, 0, baseline + em * 1.4, "start", "strong") : label(bar.told, pen.width, baseline, "end", "strong");
      let from = 0;
      const parts = bar.parts.filter((part) => part.value > 0).map((part) => {
        const drawn = box(x(from), top + head, x(part.value), em * 1.2, part.look);
        from += part.value;
        return drawn;
      });
      const ticked = marksOfAxis.map((tick) => line(x(tick) + 0.5, top + head - 2, x(tick) + 0.5, top + head + em * 1.2 + 2, tick ? "grid" : "base"));
      return s("g", {}, ...ticked, ...parts, label(name, 0, baseline, "start", "name"), told);
    });
    return { height: bottom + em * 3.4, marks: [...axis, ...rows, label(across, pen.width / 2, bottom + em * 2.8, "middle")] };
  };
}

/** @param {Bar} bar */
function total(bar) {
  return bar.parts.reduce((sum, part) => sum + part.value, 0);
}
