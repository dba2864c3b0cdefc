// What an import would do, line by line: problems first, each with its column and what to do.

import { h } from "../core/dom.js";
import { status } from "../core/status.js";
import { has, t } from "../core/text.js";

/** @typedef {{ line: number, column: string, kind: string, problem: string, advice: string }} Complaint */
/** @typedef {{ line: number, email: string, name: string, action: string, changes: { column: string, before: string, after: string }[] }} Row */
/** @typedef {{ created: number, changed: number, unchanged: number, refused: number, problems: Complaint[], rows: Row[] }} Report */

const TONES = /** @type {const} */ ({ create: "good", change: "medium", unchanged: "plain", refused: "critical" });

/** @param {Report} report */
export function previewOf(report) {
  const { created, changed, unchanged, refused } = report;
  return h(
    "section",
    {},
    h("h2", { tabIndex: -1 }, t("people.import.would")),
    h("p", {}, t("people.import.counts", { created, changed, unchanged }), refused ? ` ${t("people.import.refused", { count: refused })}` : ""),
    report.problems.length ? problems(report.problems) : null,
    report.rows.length ? table(report.rows) : null,
  );
}

/** @param {Complaint[]} complaints */
function problems(complaints) {
  const rows = complaints.map((one) => h("li", {}, h("strong", {}, place(one)), " ", sentence(one)));
  return h("div", { class: "notice critical" }, h("h3", {}, t("people.import.problems")), h("p", {}, t("people.import.nobody")), h("ul", {}, rows));
}

/** @param {Complaint} one */
function place(one) {
  return one.column ? t("people.import.at", { line: one.line, column: one.column }) : t("people.import.atLine", { line: one.line });
}

/**
 * In the reader's language where the catalogue has this kind, else as the server says it.
 * @param {Complaint} one
 */
function sentence(one) {
  return has(`people.import.problem.${one.kind}`) ? t(`people.import.problem.${one.kind}`) : `${one.problem}; ${one.advice}.`;
}

/** @param {Row[]} rows */
function table(rows) {
  const caption = t("people.import.would");
  const heads = ["line", "person", "action", "values"].map((head) => h("th", { scope: "col" }, t(`people.import.head.${head}`)));
  return h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": caption }, h("table", { class: "stack" }, h("caption", { class: "unseen" }, caption), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows.map(shown))));
}

/** @param {Row} row */
function shown(row) {
  const tone = TONES[/** @type {keyof typeof TONES} */ (row.action)] ?? "plain";
  const values = row.changes.map(({ column, before, after }) => h("div", {}, h("code", {}, column), " ", before ? t("people.import.fromTo", { before, after: after || "–" }) : after));
  return h("tr", {}, h("td", {}, h("span", { class: "quiet" }, String(row.line))), h("th", { scope: "row" }, row.name || "–", h("div", { class: "quiet small" }, row.email)), h("td", {}, status(tone, t(`people.import.action.${row.action}`))), h("td", {}, values.length ? values : "–"));
}
