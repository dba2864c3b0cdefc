// Where an attempt stands, in the words of those who look after it.

import { wordOf } from "../core/form.js";
import { h } from "../core/dom.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";

/**
 * @typedef {object} Found
 * @property {string} attempt_id
 * @property {string} student_id
 * @property {string} student_name
 * @property {string} student_email
 * @property {string} student_number
 * @property {string} exam_id
 * @property {string} exam_title
 * @property {string} slot_id
 * @property {string} starts_at
 * @property {string} phase
 * @property {string} marking
 * @property {string} integrity
 * @property {string} release
 * @property {number} risk
 * @property {boolean} is_on_hold
 * @property {number} incidents
 * @property {number} critical_incidents
 * @property {boolean | null} counts
 * @property {number} sittings
 * @property {string} created_at
 */

/** @type {Record<string, "good" | "waiting" | "medium" | "high" | "plain">} */
const TONES = { awaiting_admission: "medium", in_progress: "good", paused: "medium", terminated: "high", no_show: "medium", voided: "high" };

/** @param {string} phase */
export function phase(phase) {
  return status(TONES[phase] ?? "plain", wordOf("standing.phase", phase));
}

/** What follows the sitting, as far as it has begun. @param {Found} found */
export function aftermath(found) {
  if (found.phase !== "submitted") return null;
  const words = [wordOf("standing.marking", found.marking), wordOf("standing.integrity", found.integrity), wordOf("standing.release", found.release)];
  if (found.sittings > 1) words.push(t(found.counts ? "standing.counts" : "standing.countsNot"));
  return h("div", { class: "quiet small" }, words.join(" · "));
}

/** @param {Found} found */
export function incidents(found) {
  if (!found.incidents) return h("span", { class: "quiet" }, t("standing.noIncidents"));
  const critical = found.critical_incidents ? status("critical", t("standing.critical", { count: found.critical_incidents })) : null;
  return [t("standing.incidents", { count: found.incidents }), critical && [" ", critical]];
}

/** @param {Found} found */
export function whoIs(found) {
  return found.student_name || t("standing.gone");
}
