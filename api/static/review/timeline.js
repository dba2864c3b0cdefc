// Incidents as bars in lanes by kind over the time of the recording, with a line where the player stands.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";
import { incidentName } from "../core/word.js";
import { s } from "../dashboard/svg.js";

/** @typedef {import("./review.js").Incident} Incident */

const LANE = 28;
const WIDTH = 1000;
const MARGIN = 10_000; // milliseconds

/**
 * @param {Incident[]} incidents
 * @param {string[]} recorded times of the first and the last frame; none without a recording
 * @param {(incident: Incident) => void} chosen
 */
export function timeline(incidents, recorded, chosen) {
  if (!incidents.length) return { element: h("p", { class: "notice" }, t("review.noIncidents")), moveTo: (/** @type {string} */ _) => undefined };
  const kinds = [...new Set(incidents.map((one) => one.kind))];
  const times = [...recorded, ...incidents.flatMap((one) => [one.started_at, one.ended_at ?? one.started_at])].map((instant) => Date.parse(instant));
  const [begin, end] = [Math.min(...times) - MARGIN, Math.max(...times) + MARGIN];
  const across = (/** @type {string} */ instant) => ((Date.parse(instant) - begin) / (end - begin)) * WIDTH;
  const heads = kinds.map(() => s("line", { x1: 0, x2: 0, y1: 0, y2: LANE, class: "playhead" }));
  const lanes = kinds.map((kind, row) => {
    const mine = incidents.filter((one) => one.kind === kind);
    const lane = s("svg", { viewBox: `0 0 ${WIDTH} ${LANE}`, preserveAspectRatio: "none", class: "lane", "aria-hidden": "true" });
    lane.append(...mine.map((one) => bar(one, across, chosen)), heads[row]);
    return h("tr", {}, h("th", { scope: "row" }, incidentName(kind)), h("td", { class: "lane-cell" }, lane), h("td", {}, buttons(mine, chosen)));
  });
  const caption = t("review.timeline", { from: clockTime(new Date(begin)), to: clockTime(new Date(end)) });
  const table = h("table", { class: "lanes" }, h("caption", {}, caption), h("tbody", {}, lanes));
  return {
    element: h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": caption }, table),
    /** Where the player stands. @param {string} instant */
    moveTo(instant) {
      for (const head of heads) for (const end of ["x1", "x2"]) head.setAttribute(end, String(across(instant)));
    },
  };
}

/** @param {Incident} incident @param {(instant: string) => number} across @param {(incident: Incident) => void} chosen */
function bar(incident, across, chosen) {
  const from = across(incident.started_at);
  const to = across(incident.ended_at ?? incident.started_at);
  const drawn = s("rect", { x: from, y: 4, width: Math.max(6, to - from), height: LANE - 8, rx: 3, class: `bar ${incident.severity}` });
  drawn.addEventListener("click", () => chosen(incident));
  return drawn;
}

/** @param {Incident[]} incidents @param {(incident: Incident) => void} chosen */
function buttons(incidents, chosen) {
  return incidents.map((one) => h("button", { type: "button", class: "link", "aria-label": t("review.goTo", { incident: incidentName(one.kind), time: clockTime(one.started_at) }), onClick: () => chosen(one) }, clockTime(one.started_at), " "));
}
