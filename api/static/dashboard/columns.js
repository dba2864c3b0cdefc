// Columns side by side: how many of something in each of several equal steps.

import { runs, steps, stride } from "./scale.js";
import { box, label, line, s, wide } from "./svg.js";

/**
 * @param {object} plan
 * @param {{ label: string, value: number | null }[]} plan.bars null where nothing is known
 * @param {string} plan.across what the axis below means, with its unit
 * @param {string} plan.up what the columns count
 * @param {(value: number) => string} plan.shown
 * @returns {import("./svg.js").Draw}
 */
export function columns({ bars, across, up, shown }) {
  return (pen) => {
    const { em, width } = pen;
    const ticks = steps(Math.max(...bars.map((bar) => bar.value ?? 0)));
    const left = Math.max(...ticks.map((tick) => wide(pen, shown(tick)))) + em * 0.6;
    const top = em * 3;
    const height = Math.min(15 * em, Math.max(11 * em, width / 3));
    const bottom = top + height;
    const band = (width - left) / bars.length;
    const most = ticks.at(-1) ?? 1;
    /** @param {number} value */
    const y = (value) => bottom - (value / most) * height;
    const peak = bars.findIndex((bar) => bar.value === Math.max(...bars.map((one) => one.value ?? 0)));
    const every = stride(band, Math.max(...bars.map((bar) => wide(pen, bar.label))) + em * 0.8);
    const fits = Math.max(...bars.map((bar) => wide(pen, shown(bar.value ?? 0)))) < band - 2;
    const grid = ticks.flatMap((tick) => [line(left, y(tick), width, y(tick), tick ? "grid" : "base"), label(shown(tick), left - em * 0.5, y(tick) + em * 0.35, "end")]);
    const gaps = runs(bars.map((bar) => bar.value === null)).map(([first, last]) => box(left + first * band, top, (last - first + 1) * band, height, "gap"));
    const marks = bars.map(({ label: name, value }, place) => {
      const middle = left + (place + 0.5) * band;
      const isTold = value !== null && value > 0 && (fits || place === peak);
      return s(
        "g",
        {},
        value !== null && value > 0 && box(left + place * band + band * 0.12, y(value), band * 0.76, bottom - y(value), "solid"),
        isTold && label(shown(value), held(pen, shown(value), middle), y(value) - em * 0.35, "middle", "strong"),
        place % every === 0 && label(name, held(pen, name, middle), bottom + em * 1.3, "middle"),
      );
    });
    const axes = [label(up, 0, em), label(across, left + (width - left) / 2, bottom + em * 2.9, "middle")];
    return { height: bottom + em * 3.4, marks: [...gaps, ...grid, ...marks, ...axes] };
  };
}

/**
 * The middle of a text, moved so far that it stays inside.
 * @param {import("./svg.js").Pen} pen
 * @param {string} text
 * @param {number} middle
 */
export function held(pen, text, middle) {
  const half = wide(pen, text) / 2 + 1;
  return Math.min(Math.max(middle, half), pen.width - half);
}
