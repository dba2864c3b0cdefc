// One row per thing and several panels beside each other, each with a value on a scale of its own.

import { fitted, label, line, s, wide } from "./svg.js";

/**
 * @typedef {object} Panel
 * @property {string} title what the values mean, with their scale
 * @property {number} from
 * @property {number} to
 * @property {number} [mark] a value that separates good from poor; poor ones are open diamonds
 */

/** @typedef {{ name: string, values: (number | null)[] }} Row */

/**
 * @param {object} plan
 * @param {Row[]} plan.rows
 * @param {Panel[]} plan.panels as many as each row has values
 * @param {(value: number) => string} plan.shown
 * @param {(value: number) => string} plan.ticked the same below the axis
 * @param {string} plan.nothing stands where there is no value
 * @returns {import("./svg.js").Draw}
 */
export function panels({ rows, panels, shown, ticked, nothing }) {
  return (pen) => {
    const { em, width } = pen;
    const widest = Math.max(...rows.map((row) => wide(pen, row.name)));
    const left = Math.min(widest, Math.max(3 * em, width * 0.38)) + em;
    const gap = em * 1.5;
    const each = (width - left - gap * (panels.length - 1)) / panels.length;
    const told = wide(pen, shown(-0.88)) + em * 0.6;
    const titles = panels.map((panel) => wrapped(pen, panel.title, each));
    const top = em * (1.4 * Math.max(...titles.map((lines) => lines.length)) + 0.4);
    const height = em * 1.8;
    const bottom = top + rows.length * height;
    const drawn = panels.map((panel, place) => {
      const start = left + place * (each + gap);
      /** @param {number} value */
      const x = (value) => start + em * 0.5 + ((value - panel.from) / (panel.to - panel.from)) * (each - told - em * 0.5);
      const fixed = [...new Set([panel.from, 0, panel.to])];
      const axis = fixed.flatMap((tick) => [line(x(tick), top, x(tick), bottom, tick ? "grid" : "base"), label(ticked(tick), x(tick), bottom + em * 1.2, "middle")]);
      const border = panel.mark === undefined ? [] : [line(x(panel.mark), top, x(panel.mark), bottom, "mark")];
      const marks = rows.map((row, line) => valued(row.values[place] ?? null, x, top + (line + 0.5) * height, start + each, panel));
      return [...titles[place].map((text, line) => label(text, start, em * (1 + 1.4 * line), "start", "name")), ...axis, ...border, ...marks];
    });
    const names = rows.map((row, place) => label(fitted(pen, row.name, left - em), 0, top + (place + 0.5) * height + em * 0.35, "start", "name"));

    /**
     * @param {number | null} value
     * @param {(value: number) => number} x
     * @param {number} y
     * @param {number} end
     * @param {Panel} panel
     */
    function valued(value, x, y, end, panel) {
      if (value === null) return label(nothing, end, y + em * 0.35, "end");
      const isPoor = panel.mark !== undefined && value < panel.mark;
      const at = isPoor ? s("path", { d: `M${x(value) - 6} ${y}l6 -6 6 6 -6 6z`, class: "dot open" }) : s("circle", { cx: x(value).toFixed(1), cy: y.toFixed(1), r: 5, class: "dot" });
      return s("g", {}, line(x(0), y, x(value), y, "stem"), at, label(shown(value), end, y + em * 0.35, "end", "strong"));
    }

    return { height: bottom + em * 1.8, marks: [...names, ...drawn.flat()] };
  };
}

/**
 * The lines of a text that has only so much room.
 * @param {import("./svg.js").Pen} pen
 * @param {string} text
 * @param {number} room
 * @returns {string[]}
 */
function wrapped(pen, text, room) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (wide(pen, longer) <= room || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
