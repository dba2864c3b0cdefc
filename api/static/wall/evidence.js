// The pictures before, at and after an incident, fetched when somebody wants to see them; what the detector saw on demand.

import { Boxes, draw } from "../core/boxes.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";
import { incidentName } from "../core/word.js";
import { bitmap } from "./picture.js";

/** @typedef {import("../core/boxes.js").Box} Box */
/** @typedef {{ moment: string, offset: string, captured_at: string, boxes: Box[] }} Evidence */

const MOMENTS = ["before", "at", "after"];

/**
 * @param {string} attempt
 * @param {{ kind: string, started_at: string, evidence: Evidence[] }} incident
 */
export function evidence(attempt, incident) {
  const place = h("div", {});
  const name = `${incidentName(incident.kind)}, ${clockTime(incident.started_at)}`;
  const element = h("details", {}, h("summary", {}, t("wall.evidence"), h("span", { class: "unseen" }, ": ", name)), place);
  element.addEventListener("toggle", () => {
    if (element.open && !place.children.length) show(place, attempt, few(incident.evidence), name);
  });
  return element;
}

/** @param {HTMLElement} place @param {string} attempt @param {Evidence[]} shown @param {string} name */
function show(place, attempt, shown, name) {
  const boxes = new Boxes();
  const tick = h("input", { type: "checkbox", onChange: () => boxes.show(tick.checked) });
  const choice = h("label", { class: "choice" }, tick, h("span", {}, t("wall.boxes"), h("span", { class: "unseen" }, ": ", name)));
  const hasBoxes = shown.some((one) => one.boxes.length);
  fill(place, h("div", { class: "evidence" }, shown.map((one) => figure(attempt, one, name, boxes))), hasBoxes ? choice : null);
}

/** One picture a moment is enough to see what it was. @param {Evidence[]} evidence */
function few(evidence) {
  return MOMENTS.flatMap((moment) => evidence.filter((one) => one.moment === moment).slice(0, 1));
}

/** @param {string} attempt @param {Evidence} evidence @param {string} name @param {Boxes} boxes */
function figure(attempt, { moment, offset, captured_at: at, boxes: found }, name, boxes) {
  const words = `${t(`wall.moment.${moment}`)}, ${clockTime(at)}`;
  const image = h("canvas", { class: "picture", role: "img", "aria-label": `${name}: ${words}` });
  const caption = h("figcaption", { class: "quiet small" }, words);
  bitmap(`/api/monitoring/attempts/${attempt}/frames/${offset}`).then((seen) => {
    if (!seen) return image.replaceWith(h("p", { class: "quiet small" }, t("wall.noPictureLeft")));
    const paint = () => draw(image, seen, boxes.isShown ? found : []);
    paint();
    boxes.follow(paint);
  });
  return h("figure", {}, image, caption);
}
