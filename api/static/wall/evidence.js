// The pictures before, at and after an incident, fetched when somebody wants to see them.

import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";
import { incidentName } from "../core/word.js";
import { picture } from "./picture.js";

/** @typedef {{ moment: string, offset: string, captured_at: string }} Evidence */

const MOMENTS = ["before", "at", "after"];

/**
 * @param {string} attempt
 * @param {{ kind: string, started_at: string, evidence: Evidence[] }} incident
 */
export function evidence(attempt, incident) {
  const place = h("div", { class: "evidence" });
  const name = `${incidentName(incident.kind)}, ${clockTime(incident.started_at)}`;
  const element = h("details", {}, h("summary", {}, t("wall.evidence"), h("span", { class: "unseen" }, ": ", name)), place);
  element.addEventListener("toggle", () => {
    if (element.open && !place.children.length) fill(place, few(incident.evidence).map((one) => figure(attempt, one, name)));
  });
  return element;
}

/** One picture a moment is enough to see what it was. @param {Evidence[]} evidence */
function few(evidence) {
  return MOMENTS.flatMap((moment) => evidence.filter((one) => one.moment === moment).slice(0, 1));
}

/** @param {string} attempt @param {Evidence} evidence @param {string} name */
function figure(attempt, { moment, offset, captured_at: at }, name) {
  const words = `${t(`wall.moment.${moment}`)}, ${clockTime(at)}`;
  const image = h("img", { class: "picture", alt: `${name}: ${words}` });
  const caption = h("figcaption", { class: "quiet small" }, words);
  picture(`/api/monitoring/attempts/${attempt}/frames/${offset}`).then((address) => {
    if (address) image.src = address;
    else image.replaceWith(h("p", { class: "quiet small" }, t("wall.noPictureLeft")));
  });
  return h("figure", {}, image, caption);
}
