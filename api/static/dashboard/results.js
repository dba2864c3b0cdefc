// Results: how scores lie, the pass rate over time, and exams side by side.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { bars } from "./bars.js";
import { columns } from "./columns.js";
import { figure } from "./figure.js";
import { addressOf } from "./period.js";
import { count, longDay, named, share, shortDay, tenth } from "./say.js";
import { trend } from "./trend.js";

/** @typedef {{ attempts: number, mean_percent: number | null, lowest_percent: number | null, highest_percent: number | null, passed: number, pass_rate: number | null }} Figures */
/** @typedef {{ week: string, state: string, figures: Figures | null }} Week */
/** @typedef {{ from_percent: number, attempts: number }} Bucket */
/** @typedef {Figures & { exam_id: string, title: string }} ExamSummary */

const TENTHS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const MOST_EXAMS = 20;

/**
 * @param {Bucket[]} buckets
 * @param {string} file
 */
export function distribution(buckets, file) {
  const total = buckets.reduce((sum, bucket) => sum + bucket.attempts, 0);
  const fullest = buckets.reduce((best, bucket) => (bucket.attempts > best.attempts ? bucket : best));
  /** @param {Bucket} bucket */
  const range = (bucket) => `${bucket.from_percent}–${bucket.from_percent + 10}`;
  const values = { range: range(fullest), many: fullest.attempts, count: total };
  return figure({
    finding: t("dashboard.finding.distribution", values),
    draw: columns({ bars: buckets.map((bucket) => ({ label: String(bucket.from_percent), value: bucket.attempts })), across: t("dashboard.axis.score"), up: t("dashboard.axis.attempts"), shown: count }),
    table: {
      name: "scores",
      rows: buckets,
      columns: [
        { name: "from_percent", value: (row) => row.from_percent, shown: range },
        { name: "attempts", value: (row) => row.attempts },
        { name: "share", value: (row) => (total ? row.attempts / total : null), shown: (row) => share(total ? row.attempts / total : null) },
      ],
    },
    file,
  });
}

/**
 * @param {Week[]} weeks
 * @param {string} file
 */
export function passRate(weeks, file) {
  const gaps = weeks.some((week) => !week.figures);
  return figure({
    finding: passFinding(weeks),
    draw: trend({ points: weeks.map((week) => ({ label: shortDay(week.week), value: week.figures?.pass_rate ?? null, isKnown: week.figures !== null })), across: t("dashboard.axis.week"), up: t("dashboard.axis.passRate"), shown: share }),
    legend: gaps ? [["gap", t("dashboard.legend.gap")]] : undefined,
    table: {
      name: "weeks",
      rows: weeks,
      columns: [
        { name: "week", value: (row) => row.week, shown: (row) => longDay(row.week) },
        { name: "state", value: (row) => row.state, shown: (row) => named("state", row.state), isText: true },
        { name: "attempts", value: (row) => row.figures?.attempts, shown: (row) => count(row.figures?.attempts) },
        { name: "passed", value: (row) => row.figures?.passed, shown: (row) => count(row.figures?.passed) },
        { name: "pass_rate", value: (row) => row.figures?.pass_rate, shown: (row) => share(row.figures?.pass_rate) },
        { name: "mean_percent", value: (row) => row.figures?.mean_percent, shown: (row) => tenth(row.figures?.mean_percent) },
      ],
    },
    file,
  });
}

/** @param {Week[]} weeks */
function passFinding(weeks) {
  const known = weeks.flatMap(({ week, figures }) => (figures && figures.pass_rate !== null ? [{ week, rate: figures.pass_rate }] : []));
  const first = known[0];
  const last = known[known.length - 1];
  if (first === last) return t("dashboard.finding.passOnce", { share: share(first.rate), week: longDay(first.week) });
  const change = Math.round((last.rate - first.rate) * 1000);
  const way = change > 0 ? "rose" : change < 0 ? "fell" : "stayed";
  return t(`dashboard.finding.pass.${way}`, { from: share(first.rate), to: share(last.rate), first: longDay(first.week), last: longDay(last.week) });
}

/**
 * @param {ExamSummary[]} exams
 * @param {import("./period.js").Choice} choice
 * @param {string} file
 */
export function exams(exams, choice, file) {
  const ranked = exams.toSorted((one, other) => (other.pass_rate ?? 0) - (one.pass_rate ?? 0) || one.title.localeCompare(other.title));
  const [best, worst] = [ranked[0], ranked[ranked.length - 1]];
  const values = { best: best.title, high: share(best.pass_rate), worst: worst.title, low: share(worst.pass_rate), count: best.attempts };
  const shown = exams.slice(0, MOST_EXAMS);
  return figure({
    finding: t(best === worst ? "dashboard.finding.oneExam" : "dashboard.finding.exams", values),
    draw: bars({ bars: ranked.filter((exam) => shown.includes(exam)).map((exam) => ({ name: exam.title, told: t("dashboard.told.passed", { share: share(exam.pass_rate), passed: exam.passed, count: exam.attempts }), parts: [{ value: exam.pass_rate ?? 0, look: "solid" }] })), across: t("dashboard.axis.passRate"), shown: share, ticks: TENTHS }),
    note: exams.length > MOST_EXAMS ? t("dashboard.onlyFirst", { count: MOST_EXAMS, all: exams.length }) : undefined,
    table: {
      name: "exams",
      rows: ranked,
      columns: [
        { name: "exam", value: (row) => row.title, shown: (row) => examLink(row, choice), isText: true },
        { name: "attempts", value: (row) => row.attempts, shown: (row) => count(row.attempts) },
        { name: "passed", value: (row) => row.passed, shown: (row) => count(row.passed) },
        { name: "pass_rate", value: (row) => row.pass_rate, shown: (row) => share(row.pass_rate) },
        { name: "mean_percent", value: (row) => row.mean_percent, shown: (row) => tenth(row.mean_percent) },
        { name: "lowest_percent", value: (row) => row.lowest_percent, shown: (row) => tenth(row.lowest_percent) },
        { name: "highest_percent", value: (row) => row.highest_percent, shown: (row) => tenth(row.highest_percent) },
      ],
    },
    file,
  });
}

/**
 * @param {{ exam_id: string, title: string }} exam
 * @param {import("./period.js").Choice} choice
 */
export function examLink(exam, choice) {
  return h("a", { href: addressOf({ ...choice, exam: exam.exam_id }) }, exam.title);
}
