// A chart as people meet it: its finding as heading, the drawing, and its table with a download.

import { fill, freshId, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { save } from "./download.js";
import { box, drawing, s } from "./svg.js";
import { csvOf, tableOf } from "./table.js";

/** @typedef {import("./svg.js").Look} Look */

/**
 * @param {object} plan
 * @param {string} plan.finding a sentence: what the chart shows
 * @param {import("./svg.js").Draw} plan.draw
 * @param {import("./table.js").Plan<any>} plan.table
 * @param {[Look, string][]} [plan.legend] what looks mean
 * @param {string} [plan.note]
 * @param {string} plan.file beginning of the name of the download
 * @returns {HTMLElement}
 */
export function figure({ finding, draw, table, legend, note, file }) {
  const place = h("div", { class: "plot" });
  const heading = h("h3", { id: freshId() }, finding);
  const csv = h("button", { type: "button", onClick: () => save(new Blob([csvOf(table)], { type: "text/csv;charset=utf-8" }), `${file}-${table.name}.csv`) }, t("dashboard.csv"));
  const shown = h(
    "figure",
    { "aria-labelledby": heading.id },
    h("figcaption", {}, heading),
    legend && h("ul", { class: "legend" }, legend.map(([look, word]) => h("li", {}, swatch(look), word))),
    place,
    note && h("p", { class: "quiet small" }, note),
    h("details", {}, h("summary", {}, t("dashboard.asTable", { name: t(`dashboard.table.${table.name}`) })), tableOf(table), h("div", { class: "actions" }, csv)),
  );
  redrawn(place, draw, t("dashboard.picture", { finding }));
  return shown;
}

/**
 * Draw for the room there is, again when it changes: letters keep their size on every screen.
 * @param {HTMLElement} place
 * @param {import("./svg.js").Draw} draw
 * @param {string} name
 */
function redrawn(place, draw, name) {
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (Math.round(contentRect.width) === width || contentRect.width < 1) return;
    width = Math.round(contentRect.width);
    const { fontSize, fontFamily } = getComputedStyle(place);
    fill(place, drawing({ width, em: parseFloat(fontSize), font: `600 ${fontSize} ${fontFamily}` }, draw, name));
  }).observe(place);
}

/** @param {Look} look */
function swatch(look) {
  return s("svg", { viewBox: "0 0 22 14", class: "swatch", "aria-hidden": "true" }, box(1, 1, 20, 12, look));
}
