// The integrity review: incidents one by one with their pictures and a ruling each, then the decision on the whole.

import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { t } from "../core/text.js";
import { clockTime, duration } from "../core/time.js";
import { incidentName, severity } from "../core/word.js";
import { playback } from "./playback.js";
import { timeline } from "./timeline.js";

/** @typedef {import("./review.js").Review} Review */
/** @typedef {import("./review.js").Incident} Incident */

const RULINGS = ["not_an_incident", "explained", "confirmed"];
const MOMENTS = ["before", "at", "after"];

/**
 * @param {Review} review
 * @param {(verdict: any) => Promise<void>} done
 */
export async function integrityDesk(review, done) {
  const attempt = /** @type {string} */ (review.attempt_id);
  const { items } = await get(`/api/monitoring/attempts/${attempt}/incidents?limit=200`);
  const player = playback(attempt);
  const counted = (review.incidents ?? []).filter((one) => one.severity !== "technical");
  const rows = counted.map((one, place) => ruling(one, place, items.find((/** @type {any} */ full) => full.incident_id === one.incident_id), player));
  const lanes = timeline(review.incidents ?? [], (incident) => {
    player.seekTo(incident.started_at);
    rows.find((row) => row.id === incident.incident_id)?.element.scrollIntoView({ block: "nearest" });
  });
  const list = h("ol", { class: "cards" }, rows.map((row) => row.element));
  addEventListener("keydown", (event) => keys(event, rows));
  return h(
    "div",
    {},
    lanes,
    h("div", { class: "two-panes" }, h("section", {}, player.element), h("section", {}, h("h2", {}, t("review.incidents")), h("p", { class: "quiet small" }, t("review.keys")), list, whole(rows, done))),
  );
}

/** @typedef {ReturnType<typeof ruling>} Row */

/** @param {Incident} incident @param {number} place @param {any} full @param {ReturnType<typeof playback>} player */
function ruling(incident, place, full, player) {
  const radios = RULINGS.map((value) => h("input", { type: "radio", name: `ruling-${place}`, value }));
  const choices = radios.map((radio, index) => h("label", { class: "choice" }, radio, h("span", {}, `${index + 1} `, t(`review.ruling.${radio.value}`))));
  const reason = h("input", { id: `reason-${place}` });
  const length = incident.ended_at ? duration((Date.parse(incident.ended_at) - Date.parse(incident.started_at)) / 1000) : t("review.open");
  const moments = MOMENTS.map((moment) => evidence(moment, full, player));
  const heading = h("h3", { tabIndex: -1 }, incidentName(incident.kind));
  const element = h(
    "li",
    { class: "card" },
    heading,
    h("p", {}, severity(incident.severity), " ", t("review.when", { time: clockTime(incident.started_at), length, confidence: Math.round(incident.confidence * 100) })),
    h("p", { class: "quiet" }, t("review.rule", { rule: incident.rule })),
    h("div", { class: "actions" }, moments),
    h("fieldset", {}, h("legend", {}, t("review.rulingLegend")), choices),
    h("div", { class: "field" }, h("label", { htmlFor: reason.id }, t("review.reason")), reason),
  );
  return { id: incident.incident_id, element, heading, radios, value: () => radios.find((radio) => radio.checked)?.value, reason };
}

/** @param {string} moment @param {any} full @param {ReturnType<typeof playback>} player */
function evidence(moment, full, player) {
  const found = full?.evidence.find((/** @type {any} */ one) => one.moment === moment);
  const show = () => player.show(found.offset, found.captured_at, found.boxes);
  return h("button", { type: "button", disabled: !found, onClick: show }, t(`review.moment.${moment}`));
}

/** @param {Row[]} rows @param {(verdict: any) => Promise<void>} done */
function whole(rows, done) {
  const wrong = h("p", { class: "wrong", role: "alert" });
  const reason = h("textarea", { id: "whole-reason" });
  const radios = ["cleared", "upheld"].map((value) => h("input", { type: "radio", name: "whole", value }));
  const choices = radios.map((radio) => h("label", { class: "choice" }, radio, h("span", {}, t(`review.whole.${radio.value}`))));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const outcome = radios.find((radio) => radio.checked)?.value;
    const unruled = rows.find((row) => !row.value());
    if (unruled) fill(wrong, t("review.unruled"));
    else if (!outcome || !reason.value.trim()) fill(wrong, t("review.undecided"));
    else {
      const incidents = rows.map((row) => ({ incident_id: row.id, ruling: row.value(), reason: row.reason.value }));
      await done({ kind: "integrity", outcome, reason: reason.value, incidents });
    }
    if (unruled) unruled.heading.focus();
  };
  return h(
    "form",
    { onSubmit: submit },
    h("h2", {}, t("review.whole.title")),
    h("p", {}, t("review.whole.lead")),
    h("fieldset", {}, h("legend", {}, t("review.whole.legend")), choices),
    h("div", { class: "field" }, h("label", { htmlFor: "whole-reason" }, t("review.reason")), reason),
    wrong,
    h("button", { type: "submit", class: "primary" }, t("review.whole.submit")),
  );
}

/** J and K go through the incidents, 1 to 3 rule. @param {KeyboardEvent} event @param {Row[]} rows */
function keys(event, rows) {
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  if (target.matches("textarea, input:not([type=radio])") || event.ctrlKey || event.metaKey || event.altKey) return;
  const place = rows.findIndex((row) => row.element.contains(target));
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (step) rows[Math.max(0, Math.min(rows.length - 1, place + step))]?.heading.focus();
  else if (/^[1-3]$/.test(event.key) && place >= 0) rows[place].radios[Number(event.key) - 1].click();
  else return;
  event.preventDefault();
}
