// What can be taken away of this period: the report to print, and every row that the jobs computed.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { fetchButton } from "./download.js";
import { query } from "./period.js";

const OF_EXAM = ["weeks", "scores", "items", "incidents"];
const OF_PERIOD = ["exams", "cohorts", "incidents"];

/**
 * For those who may: an exam's author and admins, and admins for all exams.
 * @param {{ roles: string[] }} me
 * @param {import("./period.js").Choice} choice
 */
export function downloads(me, choice) {
  const { exam } = choice;
  if (!me.roles.includes("admin") && !(exam && me.roles.includes("author"))) return null;
  const base = exam ? `/api/analytics/exams/${exam}` : "/api/analytics/periods";
  const days = query(choice);
  const report = fetchButton(`${base}/report.pdf?${days}`, t("dashboard.pdf"));
  const rows = (exam ? OF_EXAM : OF_PERIOD).map((table) => fetchButton(`${base}/report.csv?${days}&table=${table}`, t(`dashboard.rows.${table}`)));
  return h("section", {}, h("h2", {}, t("dashboard.downloads")), h("p", {}, t("dashboard.downloadsHint")), h("div", { class: "actions" }, report, rows));
}
