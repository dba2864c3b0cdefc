// Sections of the dashboards: which figures there are of an answer, and what stands there while there are none.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { cohorts } from "./cohorts.js";
import { freshness, nothingYet } from "./freshness.js";
import { byDay, byExam, byKind, byPreset } from "./incidents.js";
import { questions } from "./items.js";
import { people, queue, readAt } from "./load.js";
import { distribution, exams, passRate } from "./results.js";

/** @typedef {{ choice: import("./period.js").Choice, jobs: { job: string, period_start: string | null }[], isOperator: boolean }} Context */

/** @param {Context} context */
export function results({ choice, jobs, isOperator }) {
  return (/** @type {any} */ figures) => {
    if (!figures.total) return [nothingYet(figures.coverage, choice, jobs, isOperator)];
    if (!figures.total.attempts) return [freshness(figures.coverage), quiet("dashboard.noResults")];
    const file = fileOf(choice);
    const shown = [
      passRate(figures.weeks, file),
      distribution(figures.distribution, file),
      figures.exams?.length ? exams(figures.exams, choice, file) : null,
      figures.items?.length ? questions(figures.items, file) : null,
    ];
    return [freshness(figures.coverage), grid(shown)];
  };
}

/** Of each month, as the monthly job left it. @param {Context} context */
export function cohortMonths({ choice, jobs, isOperator }) {
  return (/** @type {any} */ figures) => {
    if (!figures.coverage.computed) return [nothingYet(figures.coverage, choice, jobs, isOperator)];
    if (!figures.cohorts.length) return [freshness(figures.coverage), quiet("dashboard.noCohorts")];
    return [freshness(figures.coverage), grid([cohorts(figures, fileOf(choice))])];
  };
}

/** @param {Context} context */
export function incidents({ choice, jobs, isOperator }) {
  return (/** @type {any} */ figures) => {
    if (!figures.total) return [nothingYet(figures.coverage, choice, jobs, isOperator)];
    if (!figures.total.incidents) return [freshness(figures.coverage), quiet("dashboard.noIncidents")];
    const file = fileOf(choice);
    const shown = [
      byKind(figures.by_kind, figures.total, file),
      byPreset(figures.by_preset, file),
      byDay(figures.by_day, file),
      choice.exam ? null : byExam(figures.by_exam, figures.total, choice, file),
    ];
    return [freshness(figures.coverage), grid(shown)];
  };
}

/** @param {Context} context @param {boolean} isShortened whether the period is too wide to be read live */
export function load({ choice }, isShortened) {
  return (/** @type {any} */ figures) => {
    const file = fileOf(choice);
    const shown = [figures.waiting.length ? queue(figures.waiting, file) : null, figures.people.length ? people(figures.people, file) : null];
    return [
      readAt(figures),
      isShortened && quiet("dashboard.loadShortened"),
      !figures.waiting.length && quiet("dashboard.nothingWaits"),
      !figures.people.length && quiet("dashboard.nobodyDecided"),
      grid(shown),
    ];
  };
}

/** @param {(HTMLElement | null)[]} figures */
function grid(figures) {
  return h("div", { class: "figures" }, figures);
}

/** @param {string} key */
function quiet(key) {
  return h("p", { class: "notice" }, t(key));
}

/** @param {import("./period.js").Choice} choice */
function fileOf({ exam, from, to }) {
  return [exam ? `exam-${exam}` : "exams", from, to].join("-");
}
