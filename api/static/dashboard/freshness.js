// How fresh figures are: shown with them, and in their place while there are none.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { dateTime, relative } from "../core/time.js";
import { addressOf } from "./period.js";
import { daySpan, longDay, shortDay } from "./say.js";

/**
 * @typedef {object} Coverage
 * @property {string} job
 * @property {string} unit
 * @property {string} first_day
 * @property {string} last_day
 * @property {number} periods
 * @property {number} computed
 * @property {string | null} computed_at
 * @property {string[]} not_computed
 * @property {string[]} not_complete
 * @property {number | null} lines_quarantined
 */

const NAMED = 6;

/** @param {Coverage} coverage */
export function freshness(coverage) {
  const { computed_at: at, unit, first_day: first, last_day: last, periods, computed } = coverage;
  const facts = [t(`dashboard.covered.${unit}`, { count: periods, computed, span: daySpan(first, last) })];
  if (at) facts.push(t("dashboard.computed", { when: relative(at), at: dateTime(at) }));
  if (coverage.not_computed.length) facts.push(t("dashboard.notComputed", { periods: days(coverage.not_computed) }));
  if (coverage.not_complete.length) facts.push(t("dashboard.notComplete", { periods: days(coverage.not_complete) }));
  if (coverage.lines_quarantined) facts.push(t("dashboard.quarantined", { count: coverage.lines_quarantined }));
  return h("p", { class: "freshness quiet" }, facts.join(" "));
}

/** @param {string[]} starts */
function days(starts) {
  const named = starts.slice(0, NAMED).map(shortDay).join(", ");
  const others = starts.length - NAMED;
  return others > 0 ? t("dashboard.andOthers", { days: named, count: others }) : named;
}

/**
 * In place of charts: why there is nothing, when there will be something, and what an operator can do.
 * @param {Coverage} coverage
 * @param {import("./period.js").Choice} choice
 * @param {{ job: string, period_start: string | null }[]} jobs how far each job has come
 * @param {boolean} isOperator
 */
export function nothingYet(coverage, choice, jobs, isOperator) {
  const newest = jobs.find((one) => one.job === coverage.job)?.period_start;
  const made = t(`dashboard.made.${coverage.job}`);
  const command = h("pre", {}, h("code", {}, `make jobs DATE=${choice.to}`));
  const there = newest && h("p", {}, h("a", { href: addressOf({ ...choice, ...around(newest) }) }, t("dashboard.newest", { day: longDay(newest) })));
  const operator = isOperator && [h("p", {}, t("dashboard.byHand")), command, h("p", {}, h("a", { href: "/system" }, t("dashboard.toSystem")))];
  return h("div", { class: "notice" }, h("p", {}, h("strong", {}, t(newest ? "dashboard.notOfPeriod" : "dashboard.noFigures")), " ", made), there, operator);
}

/** @param {string} day */
function around(day) {
  const weeks = 12 * 7 * 86_400_000;
  const to = new Date(Date.parse(day) + 6 * 86_400_000);
  return { from: new Date(to.getTime() - weeks).toISOString().slice(0, 10), to: to.toISOString().slice(0, 10) };
}
