// What outages of the platform took from the attempts of an exam, what each was given back, and why less.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { dateTime, duration } from "../core/time.js";
import { fetchButton } from "./download.js";
import { tableOf } from "./table.js";

/** @typedef {{ began_at: string, ended_at: string, cause: string, lost_seconds: number, added_seconds: number, state: "waiting" | "given" | "refused", why_less: string }} Silence */
/** @typedef {{ attempt_id: string, student: string, silences: Silence[] }} Losses */

/** @param {string} exam */
export function outages(exam) {
  return (/** @type {{ attempts: Losses[], lost_seconds: number, added_seconds: number }} */ report) => {
    if (!report.attempts.length) return [h("p", { class: "notice" }, t("dashboard.outages.none"))];
    const rows = report.attempts.flatMap((one) => one.silences.map((silence) => ({ ...one, ...silence })));
    const said = t("dashboard.outages.said", { count: report.attempts.length, lost: duration(report.lost_seconds), added: duration(report.added_seconds) });
    return [h("p", {}, said), tableOf({ name: "outages", columns: COLUMNS, rows }), h("div", { class: "actions" }, fetchButton(`/api/analytics/exams/${exam}/outages.csv`, t("dashboard.outages.csv")))];
  };
}

/** @type {import("./table.js").Column<Losses & Silence>[]} */
const COLUMNS = [
  { name: "student", isText: true, value: (row) => row.student, shown: (row) => h("a", { href: `/attempts/${row.attempt_id}/record` }, row.student || "–") },
  { name: "began_at", isText: true, value: (row) => row.began_at, shown: (row) => dateTime(row.began_at) },
  { name: "away", isText: true, value: (row) => row.cause, shown: (row) => row.cause.split(", ").map((one) => t(`dashboard.outages.cause.${one}`)).join(", ") },
  { name: "lost_seconds", value: (row) => row.lost_seconds, shown: (row) => duration(row.lost_seconds) },
  { name: "added_seconds", value: (row) => row.added_seconds, shown: (row) => duration(row.added_seconds) },
  { name: "state", isText: true, value: (row) => row.state, shown: (row) => t(`dashboard.outages.${row.state}`) },
  { name: "why_less", isText: true, value: (row) => row.why_less },
];
