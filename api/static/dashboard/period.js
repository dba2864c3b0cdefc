// Which days and which exam are looked at: they stand in the address, so a view can be kept, sent and gone back to.

import { freshId, h } from "../core/dom.js";
import { t } from "../core/text.js";

const DAY = 86_400_000;
const WEEKS = [4, 12, 52];
const BY_DEFAULT = 12;

/** @typedef {{ exam: string, from: string, to: string }} Choice days in UTC, both included */

/** @returns {Choice} */
export function chosenPeriod() {
  const asked = new URLSearchParams(location.search);
  const to = asked.get("to") || isoDay(Date.now() - DAY);
  const from = asked.get("from") || weeksUpTo(to, BY_DEFAULT);
  return { exam: asked.get("exam") ?? "", from, to };
}

/** @param {Choice} choice */
export function addressOf({ exam, from, to }) {
  return `/dashboards?${new URLSearchParams({ ...(exam && { exam }), from, to })}`;
}

/** @param {Choice} choice */
export function query({ from, to }) {
  return new URLSearchParams({ from, to }).toString();
}

/**
 * The last days of a period that is too wide for what is read live.
 * @param {Choice} choice
 * @param {number} most days
 * @returns {Choice}
 */
export function atMost(choice, most) {
  const earliest = isoDay(Date.parse(choice.to) - (most - 1) * DAY);
  return choice.from < earliest ? { ...choice, from: earliest } : choice;
}

/**
 * @param {Choice} choice
 * @param {[string, string][]} exams id and title
 * @param {{ field: string, problem: string } | null} complaint
 */
export function periodForm(choice, exams, complaint) {
  const exam = h("select", { name: "exam", id: freshId() }, h("option", { value: "" }, t("dashboard.allExams")), exams.map(([id, title]) => h("option", { value: id, selected: id === choice.exam }, title)));
  const quick = WEEKS.map((weeks) => {
    const to = isoDay(Date.now() - DAY);
    const period = { ...choice, from: weeksUpTo(to, weeks), to };
    const isHere = period.from === choice.from && period.to === choice.to;
    return h("a", { href: addressOf(period), "aria-current": isHere ? "true" : null }, t("dashboard.lastWeeks", { count: weeks }));
  });
  return h(
    "form",
    { action: "/dashboards", class: "period", "aria-label": t("dashboard.choice") },
    h("div", {}, h("label", { htmlFor: exam.id }, t("dashboard.exam")), exam),
    day("from", choice.from, complaint),
    day("to", choice.to, complaint),
    h("button", { type: "submit", class: "primary" }, t("dashboard.show")),
    h("p", { class: "quick" }, quick.flatMap((link) => [link, " "])),
  );
}

/** @param {"from" | "to"} name @param {string} value @param {{ field: string, problem: string } | null} complaint */
function day(name, value, complaint) {
  const id = freshId();
  const wrong = complaint?.field === name ? h("p", { class: "wrong", id: `${id}-wrong` }, complaint.problem) : null;
  const input = h("input", { type: "date", name, id, value, required: true, min: "2000-01-01", "aria-invalid": wrong ? "true" : null, "aria-describedby": wrong?.id });
  return h("div", {}, h("label", { htmlFor: id }, t(`dashboard.${name}`)), wrong, input);
}

/** @param {string} to @param {number} weeks */
function weeksUpTo(to, weeks) {
  return isoDay((Date.parse(to) || Date.now()) - (7 * weeks - 1) * DAY);
}

/** @param {number} instant */
function isoDay(instant) {
  return new Date(instant).toISOString().slice(0, 10);
}
