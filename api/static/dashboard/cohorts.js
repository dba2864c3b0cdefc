// Cohorts month by month: how each did in the newest month, and how that changed; small ones stay suppressed.

import { language, t } from "../core/text.js";
import { bars } from "./bars.js";
import { figure } from "./figure.js";
import { count, named, NOTHING, share, tenth } from "./say.js";

/** @typedef {{ students: number, attempts: number, mean_percent: number | null, pass_rate: number | null, trend: number | null }} Figures */
/** @typedef {{ month: string, state: string, figures: Figures | null }} Month */
/** @typedef {{ cohort_id: string, name: string, months: Month[] }} Cohort */
/** @typedef {Month & { cohort_id: string, name: string }} Row */

const TICKS = [0, 20, 40, 60, 80, 100];
const MOST = 20;

const monthName = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" });
const change = new Intl.NumberFormat(language, { maximumFractionDigits: 1, minimumFractionDigits: 1, signDisplay: "exceptZero" });

/**
 * @param {{ cohorts: Cohort[], suppressed: number }} found
 * @param {string} file
 */
export function cohorts({ cohorts, suppressed }, file) {
  const newest = cohorts.flatMap((cohort) => newestOf(cohort) ?? []).toSorted((one, other) => mean(other) - mean(one) || titleOf(one).localeCompare(titleOf(other)));
  const note = [t("dashboard.cohortNote"), suppressed && t("dashboard.suppressed", { count: suppressed }), newest.length > MOST && t("dashboard.onlyFirst", { count: MOST, all: newest.length })];
  return figure({
    finding: finding(newest),
    draw: bars({ bars: newest.slice(0, MOST).map((row) => ({ name: titleOf(row), told: told(row), parts: [{ value: Math.max(mean(row), 0), look: "solid" }] })), across: t("dashboard.axis.meanOfMonth"), shown: count, ticks: TICKS }),
    note: note.filter(Boolean).join(" "),
    table: {
      name: "cohorts",
      rows: cohorts.flatMap((cohort) => rowsOf(cohort).filter(isTold)),
      columns: [
        { name: "cohort", value: titleOf, isText: true },
        { name: "month", value: (row) => row.month, shown: (row) => monthOf(row), isText: true },
        { name: "state", value: (row) => row.state, shown: (row) => named("state", row.state), isText: true },
        { name: "students", value: (row) => row.figures?.students, shown: (row) => count(row.figures?.students) },
        { name: "attempts", value: (row) => row.figures?.attempts, shown: (row) => count(row.figures?.attempts) },
        { name: "mean_percent", value: (row) => row.figures?.mean_percent, shown: (row) => tenth(row.figures?.mean_percent) },
        { name: "pass_rate", value: (row) => row.figures?.pass_rate, shown: (row) => share(row.figures?.pass_rate) },
        { name: "trend", value: (row) => row.figures?.trend, shown: (row) => changed(row.figures?.trend) },
      ],
    },
    file,
  });
}

/** @param {Cohort} cohort @returns {Row[]} */
function rowsOf({ cohort_id, name, months }) {
  return months.map((month) => ({ ...month, cohort_id, name }));
}

/** Something was marked, or is not told. @param {Row} row */
function isTold({ state, figures }) {
  return state === "suppressed" || Boolean(figures?.attempts);
}

/** The newest month with something to tell. @param {Cohort} cohort */
function newestOf(cohort) {
  return rowsOf(cohort).findLast(isTold);
}

/** @param {Row[]} newest the best first */
function finding(newest) {
  const known = newest.filter((row) => row.figures);
  const [best, worst] = [known[0], known[known.length - 1]];
  if (!best) return t("dashboard.finding.cohortsHidden");
  const values = { best: titleOf(best), high: tenth(mean(best)), month: monthOf(best), worst: titleOf(worst), low: tenth(mean(worst)) };
  return t(best === worst ? "dashboard.finding.oneCohort" : "dashboard.finding.cohorts", values);
}

/** @param {Row} row */
function told(row) {
  if (!row.figures) return t("dashboard.told.suppressed", { month: monthOf(row) });
  const values = { mean: tenth(mean(row)), month: monthOf(row), change: changed(row.figures.trend) };
  return t(row.figures.trend === null ? "dashboard.told.cohort" : "dashboard.told.cohortTrend", values);
}

/** @param {Row} row the mean, or less than any while it is not told */
function mean({ figures }) {
  return figures?.mean_percent ?? -1;
}

/** @param {Row} row */
function titleOf({ name, cohort_id: id }) {
  return name || `…${id.slice(-6)}`;
}

/** @param {Row} row */
function monthOf({ month }) {
  return monthName.format(new Date(month));
}

/** @param {number | null | undefined} points */
function changed(points) {
  return typeof points === "number" ? change.format(points) : NOTHING;
}
