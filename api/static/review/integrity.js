// The integrity review: incidents one by one with their pictures and a ruling each, then the decision on the whole.

import { coverageFigure } from "../coverage/figure.js";
import { h } from "../core/dom.js";
import { get } from "../core/http.js";
import { isScreenKey } from "../core/key.js";
import { t } from "../core/text.js";
import { both } from "../core/time.js";
import { loadFilm } from "../recording/film.js";
import { ReviewDraft } from "./draft.js";
import { playback } from "./playback.js";
import { ruling } from "./ruling.js";
import { said } from "./said.js";
import { timeline } from "./timeline.js";
import { wholeStep } from "./whole.js";

/** @typedef {import("./review.js").Review} Review */
/** @typedef {import("./ruling.js").Row} Row */

/**
 * @param {Review} review
 * @param {(verdict: any) => Promise<void>} done raises Problem
 */
export async function integrityDesk(review, done) {
  const attempt = String(review.attempt_id);
  const [{ items }, film, shared] = await Promise.all([get(`/api/monitoring/attempts/${attempt}/incidents?limit=200`), loadFilm(attempt), loadFilm(attempt, "screen")]);
  const shots = items.flatMap((/** @type {any} */ one) => one.evidence);
  const player = playback(film, shared, new Map(shots.map((/** @type {any} */ one) => [one.offset, one.boxes])), review.incidents ?? []);
  const kept = h("p", { class: "quiet small", role: "status" });
  const draft = new ReviewDraft(review.review_id, kept);
  const counted = (review.incidents ?? []).filter((one) => one.severity !== "technical");
  const rows = counted.map((one, place) => ruling(review, one, place, evidenceOf(items, one.incident_id), player, draft.values[one.incident_id] ?? {}));
  const recorded = [film.frames.at(0), film.frames.at(-1)].flatMap((frame) => frame?.captured_at ?? []);
  const lanes = timeline(review.incidents ?? [], recorded, (incident) => {
    const row = rows.find((each) => each.id === incident.incident_id);
    if (row) row.enter();
    else player.seekTo(incident.started_at);
  });
  player.follow(lanes.moveTo);
  if (recorded.length) lanes.moveTo(recorded[0]);
  const whole = wholeStep(review, rows, async (verdict) => {
    await done(verdict);
    draft.drop();
  });
  const keep = () => {
    draft.keep(Object.fromEntries(rows.map((row) => [row.id, { ruling: row.value(), reason: row.reason.value }])));
    whole.update();
  };
  const list = h("ol", { class: "cards", onInput: keep, onChange: keep }, rows.map((row) => row.element));
  const stop = new AbortController();
  addEventListener("keydown", (event) => keys(event, rows, player, whole.element, stop), { signal: stop.signal });
  const right = h("section", {}, h("h2", {}, t("review.incidents")), h("p", { class: "quiet small" }, t("review.keys")), list, kept, said(review), whole.element);
  return h("div", {}, secondLook(review), h("section", {}, h("h2", {}, t("review.coverage")), coverageFigure(review.coverage)), lanes.element, h("div", { class: "two-panes" }, player.element, right));
}

/** @param {any[]} items @param {string} id @returns {any[]} */
function evidenceOf(items, id) {
  return items.find((one) => one.incident_id === id)?.evidence ?? [];
}

/** Who decides second is told so, and may read the first one's reason once they have a view of their own. @param {Review} review */
function secondLook({ is_second_look: isSecond, earlier }) {
  if (!isSecond) return null;
  const reason = earlier && h("details", {}, h("summary", {}, t("review.second.show")), h("blockquote", {}, earlier.reason));
  return h("div", { class: "notice medium" }, h("p", {}, earlier ? t("review.second.text", { when: both(earlier.decided_at) }) : t("review.second.plain")), reason);
}

/**
 * J and K go through the incidents, 1 to 3 rule, B turns the boxes.
 * @param {KeyboardEvent} event
 * @param {Row[]} rows
 * @param {ReturnType<typeof playback>} player
 * @param {HTMLElement} whole comes after the last incident
 * @param {AbortController} stop
 */
function keys(event, rows, player, whole, stop) {
  if (!whole.isConnected) return stop.abort();
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  if (!isScreenKey(event)) return;
  const place = rows.findIndex((row) => row.element.contains(target));
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (step === 1 && place === rows.length - 1) whole.querySelector("button")?.focus();
  else if (step) rows[Math.max(0, Math.min(rows.length - 1, place + step))]?.enter();
  else if (event.key.toLowerCase() === "b") player.turnBoxes();
  else if (/^[1-3]$/.test(event.key) && place >= 0) rows[place].radios[Number(event.key) - 1].click();
  else return;
  event.preventDefault();
}
