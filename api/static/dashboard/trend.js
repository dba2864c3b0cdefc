// A line over time, broken where there is nothing to say, hatched where nothing is known.

import { held } from "./columns.js";
import { runs, stride } from "./scale.js";
import { box, label, line, s, wide } from "./svg.js";

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** @typedef {{ label: string, value: number | null, isKnown: boolean }} Point a share of 1, none where nothing was counted */

/**
 * @param {object} plan
 * @param {Point[]} plan.points
 * @param {string} plan.across
 * @param {string} plan.up
 * @param {(value: number) => string} plan.shown
 * @returns {import("./svg.js").Draw}
 */
export function trend({ points, across, up, shown }) {
  return (pen) => {
    const { em, width } = pen;
    const left = Math.max(...TICKS.map((tick) => wide(pen, shown(tick)))) + em * 0.6;
    const top = em * 3;
    const height = Math.min(15 * em, Math.max(11 * em, width / 3));
    const bottom = top + height;
    const band = (width - left) / points.length;
    /** @param {number} place */
    const x = (place) => left + (place + 0.5) * band;
    /** @param {number} value */
    const y = (value) => bottom - value * height;
    const every = stride(band, Math.max(...points.map((point) => wide(pen, point.label))) + em * 0.8);
    const told = toldPlaces(points, band > wide(pen, shown(0.888)) + em * 0.5);
    const grid = TICKS.flatMap((tick) => [line(left, y(tick), width, y(tick), tick ? "grid" : "base"), label(shown(tick), left - em * 0.5, y(tick) + em * 0.35, "end")]);
    const gaps = runs(points.map((point) => !point.isKnown)).map(([first, last]) => box(left + first * band, top, (last - first + 1) * band, height, "gap"));
    const paths = runs(points.map((point) => point.value !== null)).map(([first, last]) => s("polyline", { points: points.slice(first, last + 1).map((point, place) => `${x(first + place).toFixed(1)},${y(point.value ?? 0).toFixed(1)}`).join(" "), class: "path" }));
    const marks = points.map(({ label: name, value }, place) => s(
      "g",
      {},
      value !== null && s("circle", { cx: x(place).toFixed(1), cy: y(value).toFixed(1), r: 4, class: "dot" }),
      value !== null && told.has(place) && label(shown(value), held(pen, shown(value), x(place)), y(value) - em * 0.7, "middle", "strong"),
      place % every === 0 && label(name, held(pen, name, x(place)), bottom + em * 1.3, "middle"),
    ));
    const axes = [label(up, 0, em), label(across, left + (width - left) / 2, bottom + em * 2.9, "middle")];
    return { height: bottom + em * 3.4, marks: [...gaps, ...grid, ...paths, ...marks, ...axes] };
  };
}

/**
 * Which values stand at their points: all that have room, else the first, the last, the highest and the lowest.
 * @param {Point[]} points
 * @param {boolean} hasRoom
 */
function toldPlaces(points, hasRoom) {
  const known = points.flatMap((point, place) => (point.value === null ? [] : [{ place, value: point.value }]));
  if (hasRoom || !known.length) return new Set(known.map((one) => one.place));
  const sorted = known.toSorted((one, other) => one.value - other.value);
  return new Set([known[0], known.at(-1), sorted[0], sorted.at(-1)].map((one) => one?.place ?? -1));
}
