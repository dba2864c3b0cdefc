// Figures as people read them: shares in per cent, days of the jobs (UTC), exact instants as the other screens show them.

import { incidentName } from "../core/word.js";
import { has, language, t } from "../core/text.js";

const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat(language, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const two = new Intl.NumberFormat(language, { maximumFractionDigits: 2, minimumFractionDigits: 2 });
const short = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
const long = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export const NOTHING = "–";

/** @param {number | null | undefined} value a share of 1 */
export const share = (value) => (typeof value === "number" ? percent.format(value) : NOTHING);
/** @param {number | null | undefined} value */
export const count = (value) => (typeof value === "number" ? whole.format(value) : NOTHING);
/** @param {number | null | undefined} value */
export const tenth = (value) => (typeof value === "number" ? one.format(value) : NOTHING);
/** @param {number | null | undefined} value */
export const hundredth = (value) => (typeof value === "number" ? two.format(value) : NOTHING);
/** @param {string} day ISO 8601 */
export const shortDay = (day) => short.format(new Date(day));
/** @param {string} day ISO 8601 */
export const longDay = (day) => long.format(new Date(day));

/** @param {string} first @param {string} last */
export const daySpan = (first, last) => (first === last ? longDay(first) : long.formatRange(new Date(first), new Date(last)));

/**
 * A word of the interface: a preset, a kind of decision, a state.
 * @param {string} group
 * @param {string} word
 */
export function named(group, word) {
  if (group === "incident") return incidentName(word);
  return has(`dashboard.${group}.${word}`) ? t(`dashboard.${group}.${word}`) : word.replaceAll("_", " ");
}
