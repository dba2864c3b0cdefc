// What was noticed in an attempt and what people made of it: incidents, reviews, marks.

import { h } from "../core/dom.js";
import { wordOf } from "../core/form.js";
import { status } from "../core/status.js";
import { shownNumber, t } from "../core/text.js";
import { duration, relative, shortDateTime } from "../core/time.js";
import { incidentName, pointsOf, severity } from "../core/word.js";
import { table } from "./table.js";

/** @typedef {import("./course.js").AttemptRecord} AttemptRecord */

/** @param {AttemptRecord} record */
export function incidents({ incident_list: found }) {
  if (!found.length) return h("p", { class: "quiet" }, t("record.noIncidents"));
  const rows = found.map((one) => [
    incidentName(one.kind),
    severity(one.severity),
    shortDateTime(one.started_at),
    one.ended_at ? duration((Date.parse(one.ended_at) - Date.parse(one.started_at)) / 1000) : t("record.open"),
    outcome(one),
    one.acknowledged_by_name,
  ]);
  return table(t("record.section.incidents"), ["what", "severity", "since", "lasted", "outcome", "seenBy"].map((name) => t(`record.head.${name}`)), rows);
}

/** @param {import("./course.js").Incident} incident */
function outcome(incident) {
  if (incident.severity === "technical") return h("span", { class: "quiet" }, t("record.notJudged"));
  if (!incident.ruling) return h("span", { class: "quiet" }, t("record.unruled"));
  return [wordOf("record.ruling", incident.ruling), incident.ruling_reason && h("div", { class: "quiet small" }, incident.ruling_reason)];
}

/** @param {import("./course.js").Review[]} found */
export function reviews(found) {
  if (!found.length) return h("p", { class: "quiet" }, t("record.noReviews"));
  const rows = found.map((one) => [
    h("a", { href: `/reviews/${one.review_id}` }, wordOf("record.review", one.kind)),
    String(one.round_number),
    shortDateTime(one.opened_at),
    one.decided_at ? status("good", wordOf("record.verdict", one.outcome)) : waiting(one),
    one.decided_at ? [one.decided_by_name, h("div", { class: "quiet small" }, shortDateTime(one.decided_at))] : one.assignee_name || h("span", { class: "quiet" }, t("record.nobody")),
  ]);
  return table(t("record.section.reviews"), ["what", "round", "since", "outcome", "who"].map((name) => t(`record.head.${name}`)), rows);
}

/** @param {import("./course.js").Review} review */
function waiting(review) {
  const isLate = Date.parse(review.escalate_at) < Date.now();
  return [status(isLate ? "high" : "waiting", t(isLate ? "record.overdue" : "record.waits")), h("div", { class: "quiet small" }, t("record.due", { when: relative(review.escalate_at) }))];
}

/** @param {import("./course.js").Mark[]} found */
export function marks(found) {
  if (!found.length) return h("p", { class: "quiet" }, t("record.noMarks"));
  const rows = found.map((one) => [
    String(one.round_number),
    one.earned === null ? t("record.unmarked") : pointsOf(one.earned, one.points),
    one.percent === null ? "–" : t("record.percent", { percent: shownNumber(Number(one.percent)) }),
    one.passed === null ? "–" : t(one.passed ? "record.passed" : "record.failed"),
    one.completed_at ? shortDateTime(one.completed_at) : "–",
  ]);
  return table(t("record.section.marks"), ["round", "points", "percent", "passed", "at"].map((name) => t(`record.head.${name}`)), rows);
}
