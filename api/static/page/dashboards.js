// Dashboards: results, questions, cohorts, incidents and the reviewers' load of a period, of one exam or of all, with their freshness.

import { fill, h } from "../core/dom.js";
import { get, Problem } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { t } from "../core/text.js";
import { inWords, troubleNotice } from "../core/trouble.js";
import { downloads } from "../dashboard/downloads.js";
import { outages } from "../dashboard/outages.js";
import { cohortMonths, incidents, load, results } from "../dashboard/section.js";
import { atMost, chosenPeriod, periodForm, query } from "../dashboard/period.js";
import { daySpan } from "../dashboard/say.js";

/** @typedef {import("../dashboard/period.js").Choice} Choice */
/** @typedef {import("../core/screen.js").Person} Person */
/** @typedef {{ path: string, title: string, body: (figures: any) => (HTMLElement | null | false)[] }} Section */

const ROLES = ["proctor", "grader", "reviewer", "author", "admin"];
const LIVE_DAYS = 92;

screen(
  async (main, me) => {
    main.classList.add("wide");
    const choice = chosenPeriod();
    const [exams, { jobs }] = await Promise.all([knownExams(choice), get("/api/analytics/freshness")]);
    show(main, me, { choice, exams, jobs }, null);
  },
  { roles: ROLES },
);

// A closed table is not printed: open all of them first.
addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll("figure details")) table.setAttribute("open", "");
});

/** @typedef {{ choice: Choice, exams: [string, string][], jobs: { job: string, period_start: string | null }[] }} View */

/**
 * @param {HTMLElement} main
 * @param {Person} me
 * @param {View} view
 * @param {{ field: string, problem: string } | null} complaint about the period
 */
function show(main, me, view, complaint) {
  const { choice, exams } = view;
  const form = periodForm(choice, exams, complaint);
  if (complaint) {
    fill(content(main), form);
    /** @type {HTMLElement | null} */ (form.querySelector("input[aria-invalid]"))?.focus();
    return;
  }
  const title = exams.find(([id]) => id === choice.exam)?.[1] ?? t("dashboard.allExams");
  const scope = h("p", { class: "scope" }, h("strong", {}, title), `, ${daySpan(choice.from, choice.to)} (UTC)`);
  /** @param {{ field: string, problem: string }} wrong */
  const complain = (wrong) => show(main, me, view, wrong);
  fill(content(main), form, scope, sections(me, view).map((section) => live(section, complain)), downloads(me, choice));
}

/** @param {Person} me @param {View} view @returns {Section[]} what this person may see */
function sections(me, { choice, jobs }) {
  const { exam } = choice;
  const days = query(choice);
  const may = (/** @type {string[]} */ ...roles) => roles.some((role) => me.roles.includes(role));
  const context = { choice, jobs, isOperator: may("admin") };
  const recent = atMost(choice, LIVE_DAYS);
  const found = [];
  if (may("author", "admin")) found.push({ path: exam ? `/api/analytics/exams/${exam}/results?${days}` : `/api/analytics/exams?${days}`, title: t("dashboard.results"), body: results(context) });
  if (!exam && may("admin")) found.push({ path: `/api/analytics/cohorts?${days}`, title: t("dashboard.cohorts"), body: cohortMonths(context) });
  if (may("proctor", "reviewer", "admin") || (exam && may("author"))) found.push({ path: exam ? `/api/analytics/exams/${exam}/incidents?${days}` : `/api/analytics/incidents?${days}`, title: t("dashboard.incidents"), body: incidents(context) });
  if (exam && may("author", "proctor", "admin")) found.push({ path: `/api/analytics/exams/${exam}/outages`, title: t("dashboard.outages.title"), body: outages(exam) });
  if (may("grader", "reviewer", "admin")) found.push({ path: `/api/analytics/reviews?${query(recent)}${exam ? `&exam_id=${exam}` : ""}`, title: t("dashboard.load"), body: load(context, recent.from !== choice.from) });
  return found;
}

/**
 * @param {Section} section
 * @param {(complaint: { field: string, problem: string }) => void} complain
 */
function live({ path, title, body }, complain) {
  const place = h("div", { "aria-busy": "true" }, h("p", { class: "quiet" }, t("shared.loading")));
  async function ask() {
    try {
      fill(place, body(await get(path)));
    } catch (error) {
      const field = error instanceof Problem ? String(error.document.pointer ?? "").slice(1) : "";
      if (field === "from" || field === "to") complain({ field, problem: inWords(error) });
      else fill(place, troubleNotice(error, ask));
    }
    place.removeAttribute("aria-busy");
  }
  ask();
  return h("section", {}, h("h2", {}, title), place);
}

/**
 * The newest exams that this person may know of, and the one in the address.
 * @param {Choice} choice
 * @returns {Promise<[string, string][]>}
 */
async function knownExams({ exam }) {
  const page = await get("/api/reservations/exams?limit=50");
  /** @type {[string, string][]} */
  const known = page.items.map((/** @type {{ exam_id: string, title: string }} */ one) => [one.exam_id, one.title]);
  return !exam || known.some(([id]) => id === exam) ? known : [...known, [exam, t("dashboard.thisExam")]];
}
