// Incidents as bars in lanes by kind over the time of the attempt; every bar is a button with its words.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";
import { incidentName } from "../core/word.js";

/** @typedef {import("./review.js").Incident} Incident */

const SVG = "http://www.w3.org/2000/svg";
const LANE = 28;
const WIDTH = 1000;

/**
 * @param {Incident[]} incidents
 * @param {(incident: Incident) => void} chosen
 */
export function timeline(incidents, chosen) {
  if (!incidents.length) return h("p", { class: "notice" }, t("review.noIncidents"));
  const kinds = [...new Set(incidents.map((one) => one.kind))];
  const begin = Math.min(...incidents.map((one) => Date.parse(one.started_at))) - 10_000;
  const end = Math.max(...incidents.map((one) => Date.parse(one.ended_at ?? one.started_at))) + 10_000;
  const across = (/** @type {string} */ instant) => ((Date.parse(instant) - begin) / (end - begin)) * WIDTH;
  const lanes = kinds.map((kind, row) => {
    const bars = incidents.filter((one) => one.kind === kind).map((one) => bar(one, across, chosen));
    const lane = svg("svg", { viewBox: `0 0 ${WIDTH} ${LANE}`, preserveAspectRatio: "none", class: "lane", "aria-hidden": "true" });
    lane.append(...bars);
    return h("tr", { data: { row } }, h("th", { scope: "row" }, incidentName(kind)), h("td", { class: "lane-cell" }, lane), h("td", {}, buttons(incidents.filter((one) => one.kind === kind), chosen)));
  });
  const caption = t("review.timeline", { from: clockTime(new Date(begin)), to: clockTime(new Date(end)) });
  return h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": caption }, h("table", { class: "lanes" }, h("caption", {}, caption), h("tbody", {}, lanes)));
}

/** @param {Incident} incident @param {(instant: string) => number} across @param {(incident: Incident) => void} chosen */
function bar(incident, across, chosen) {
  const from = across(incident.started_at);
  const to = across(incident.ended_at ?? incident.started_at);
  const drawn = svg("rect", { x: from, y: 4, width: Math.max(6, to - from), height: LANE - 8, rx: 3, class: `bar ${incident.severity}` });
  drawn.addEventListener("click", () => chosen(incident));
  return drawn;
}

/** @param {Incident[]} incidents @param {(incident: Incident) => void} chosen */
function buttons(incidents, chosen) {
  return incidents.map((one) => h("button", { type: "button", class: "link", onClick: () => chosen(one) }, clockTime(one.started_at), " "));
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
