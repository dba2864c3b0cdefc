// What a decision about incidents was taken on: it stays to be looked at once it is taken.

import { fill, h } from "../core/dom.js";
import { get, Problem } from "../core/http.js";
import { t } from "../core/text.js";
import { incidentName } from "../core/word.js";
import { loadFilm } from "../recording/film.js";
import { evidenceStrip } from "./evidence.js";
import { playback } from "./playback.js";
import { timeline } from "./timeline.js";

/** @typedef {import("./review.js").Review} Review */

/** @param {Review} review */
export function decidedOn(review) {
  if (review.kind !== "integrity") return null;
  const place = h("div", {}, h("p", { class: "quiet" }, t("shared.loading")));
  load(review, place);
  return h("section", {}, h("h2", {}, t("review.incidents")), place);
}

/** @param {Review} review @param {HTMLElement} place */
async function load(review, place) {
  try {
    const attempt = String(review.attempt_id);
    const [{ items }, film, shared] = await Promise.all([get(`/api/monitoring/attempts/${attempt}/incidents?limit=200`), loadFilm(attempt), loadFilm(attempt, "screen")]);
    const shots = items.flatMap((/** @type {any} */ one) => one.evidence);
    const player = playback(film, shared, new Map(shots.map((/** @type {any} */ one) => [one.offset, one.boxes])), items);
    const recorded = [film.frames.at(0), film.frames.at(-1)].flatMap((frame) => frame?.captured_at ?? []);
    const lanes = timeline(review.incidents ?? [], recorded, (incident) => player.seekTo(incident.started_at));
    player.follow(lanes.moveTo);
    const counted = items.filter((/** @type {any} */ one) => one.severity !== "technical");
    const cards = counted.map((/** @type {any} */ one) => h("li", {}, h("h3", {}, incidentName(one.kind)), one.ruling_reason && h("p", {}, one.ruling_reason), evidenceStrip(one.evidence, incidentName(one.kind), player)));
    fill(place, lanes.element, h("div", { class: "two-panes" }, player.element, h("ol", { class: "cards" }, cards)));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    fill(place, h("p", { class: "notice" }, t("review.evidenceGone")));
  }
}
