// The rules of an exam that authors may set: where each stands in the policy, in which unit it is asked for, and its fold.

import { secondsOf } from "../core/iso.js";
import { t } from "../core/text.js";

/** @typedef {{ path: string, unit: keyof typeof UNITS, fold: string, choices?: string[] }} Rule `path` is below /policy */

const time = (/** @type {number} */ seconds) => ({
  shown: (/** @type {any} */ value) => String(Number((secondsOf(value) / seconds).toFixed(3))),
  kept: (/** @type {string} */ typed) => {
    const amount = Number((Number(typed.replace(",", ".")) * seconds).toFixed(3));
    return isNumber(typed) ? `${amount < 0 ? "-" : ""}PT${Math.abs(amount)}S` : typed;
  },
});

/** How a value is asked for, and how it is kept. What cannot be read is kept as typed: the interface says what is wrong. */
export const UNITS = {
  seconds: time(1),
  minutes: time(60),
  hours: time(3_600),
  days: time(86_400),
  number: { shown: String, kept: (/** @type {string} */ typed) => (isNumber(typed) ? Number(typed.replace(",", ".")) : typed) },
  votes: {
    shown: (/** @type {any} */ [hits, frames]) => `${hits}/${frames}`,
    kept: (/** @type {string} */ typed) => typed.split("/").map((part) => (isNumber(part) ? Number(part) : part)),
  },
  truth: { shown: (/** @type {any} */ value) => (value ? "yes" : "no"), kept: (/** @type {string} */ typed) => typed === "yes" },
  word: { shown: String, kept: (/** @type {string} */ typed) => typed },
  sentence: { shown: String, kept: (/** @type {string} */ typed) => typed },
};

/** @type {Rule[]} */
export const RULES = [
  { path: "duration", unit: "minutes", fold: "" },
  { path: "pass_mark", unit: "number", fold: "" },
  { path: "admission", unit: "word", fold: "", choices: ["proctor", "automatic"] },
  { path: "release", unit: "word", fold: "", choices: ["manual", "when_ready"] },
  { path: "attempts_allowed", unit: "number", fold: "" },
  { path: "counts", unit: "word", fold: "", choices: ["best", "last", "first"] },
  { path: "right_answers", unit: "word", fold: "", choices: ["after_last_slot", "on_release", "never"] },
  { path: "detection/preset", unit: "word", fold: "", choices: ["strict", "moderate", "lenient"] },
  { path: "detection/face_absent_after", unit: "seconds", fold: "watching" },
  { path: "detection/face_score", unit: "number", fold: "watching" },
  { path: "detection/second_person_frames", unit: "votes", fold: "watching" },
  { path: "detection/person_score", unit: "number", fold: "watching" },
  { path: "detection/object_frames", unit: "votes", fold: "watching" },
  { path: "detection/object_score", unit: "number", fold: "watching" },
  { path: "detection/looking_away", unit: "truth", fold: "watching" },
  { path: "detection/looking_away_after", unit: "seconds", fold: "watching" },
  { path: "detection/other_person", unit: "truth", fold: "watching" },
  { path: "detection/other_person_basis", unit: "sentence", fold: "watching" },
  { path: "detection/other_person_distance", unit: "number", fold: "watching" },
  { path: "detection/blocked_after", unit: "seconds", fold: "watching" },
  { path: "detection/low_light_brightness", unit: "number", fold: "watching" },
  { path: "detection/frozen_picture", unit: "truth", fold: "watching" },
  { path: "detection/frozen_after", unit: "seconds", fold: "watching" },
  { path: "detection/leave_after", unit: "seconds", fold: "watching" },
  { path: "detection/cooldown", unit: "seconds", fold: "watching" },
  { path: "coverage_minimum", unit: "number", fold: "watching" },
  { path: "detection/screen_share", unit: "truth", fold: "watching" },
  { path: "detection/screen_interval", unit: "seconds", fold: "watching" },
  { path: "risk/alert_at", unit: "number", fold: "watching" },
  { path: "hold", unit: "minutes", fold: "booking" },
  { path: "cancel_cut_off", unit: "hours", fold: "booking" },
  { path: "microphone", unit: "truth", fold: "checkIn" },
  { path: "check_in_opens", unit: "minutes", fold: "checkIn" },
  { path: "no_show_after", unit: "minutes", fold: "checkIn" },
  { path: "admission_escalates_after", unit: "minutes", fold: "checkIn" },
  { path: "cap_at_slot_end", unit: "truth", fold: "writing" },
  { path: "reopen_needs_second_person", unit: "truth", fold: "result" },
  { path: "longest_pause", unit: "minutes", fold: "writing" },
  { path: "reactivation_window", unit: "hours", fold: "writing" },
  { path: "frame_interval", unit: "seconds", fold: "writing" },
  { path: "review/remind_after", unit: "hours", fold: "result" },
  { path: "review/escalate_after", unit: "hours", fold: "result" },
  { path: "appeal_window", unit: "days", fold: "result" },
  { path: "keeps_recording", unit: "truth", fold: "retention" },
  { path: "retention/media", unit: "days", fold: "retention" },
  { path: "retention/features", unit: "days", fold: "retention" },
  { path: "retention/decision_log", unit: "days", fold: "retention" },
];

/** @type {Record<string, string>} */
const HINTS = { coverage_minimum: "authoring.coverageHint", preset: "authoring.field.presetHint", attempts_allowed: "authoring.attemptsHint", right_answers: "authoring.rightAnswersHint" };

/** @param {any} policy @param {string} path */
export function ruleOf(policy, path) {
  return path.split("/").reduce((found, part) => found[part], policy);
}

/** The policy with a rule in place of its own. @param {any} policy @param {string} path @param {any} value @returns {any} */
export function withRule(policy, path, value) {
  const [part, ...rest] = path.split("/");
  return { ...policy, [part]: rest.length ? withRule(policy[part] ?? {}, rest.join("/"), value) : value };
}

/** @param {any} policy @param {Rule} rule @returns {import("../core/form.js").Field} */
export function ruleField(policy, { path, unit, fold, choices }) {
  const name = path.split("/").at(-1) ?? path;
  const hint = unit === "votes" ? t("authoring.votesHint") : HINTS[name] && t(HINTS[name]);
  const shared = { name: `policy/${path}`, label: t(`authoring.rule.${name}`), value: UNITS[unit].shown(ruleOf(policy, path)), hint, group: fold && t(`authoring.fold.${fold}`) };
  if (choices) return { ...shared, type: "select", options: choices.map((word) => [word, t(`authoring.${name}.${word}`)]) };
  if (unit === "truth") return { ...shared, type: "select", options: [["no", t("authoring.no")], ["yes", t("authoring.yes")]] };
  if (unit === "sentence") return { ...shared, optional: true, more: { autocomplete: "off" } };
  return { ...shared, more: { inputMode: unit === "votes" ? "text" : "decimal", autocomplete: "off", class: "short" } };
}

/** @param {string} typed */
function isNumber(typed) {
  return /^\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)\s*$/.test(typed);
}
