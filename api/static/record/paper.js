// The papers of an attempt that are archived, and its workflows with their pages in Temporal's UI.

import { fill, h } from "../core/dom.js";
import { wordOf } from "../core/form.js";
import { get } from "../core/http.js";
import { shownNumber, t } from "../core/text.js";
import { shortDateTime } from "../core/time.js";
import { refusalNotice } from "../core/trouble.js";
import { table } from "./table.js";

/** @param {import("./course.js").AttemptRecord} record */
export function papers({ attempt, has_report: hasReport, keeping }) {
  const isOver = keeping.over_at !== null;
  if (attempt.release === "purged") return h("p", { class: "quiet" }, t("record.purged"));
  if (!hasReport) return h("p", { class: "quiet" }, t(isOver ? "record.neverSat" : "record.noReport"));
  const report = h("a", { class: "button", href: `/api/analytics/attempts/${attempt.attempt_id}/report`, download: "" }, t("record.report"));
  return [h("p", {}, report), loaded(`/api/analytics/attempts/${attempt.attempt_id}/archive`, archive)];
}

/** @param {{ name: string, size: number }[]} found */
function archive(found) {
  const rows = found.map(({ name, size }) => [h("code", {}, name), t("record.kilobytes", { size: shownNumber(Math.ceil(size / 1000)) })]);
  return h("details", { class: "fold" }, h("summary", {}, t("record.archived", { count: found.length })), table(t("record.section.papers"), ["name", "size"].map((name) => t(`record.head.${name}`)), rows));
}

/** @param {string} id */
export function workflows(id) {
  return loaded(`/api/reservations/attempts/${id}/workflows`, ({ items }) => (items.length ? links(items) : h("p", { class: "quiet" }, t("record.noWorkflows"))));
}

/** @param {{ kind: string, workflow_id: string, status: string, started_at: string, url: string }[]} found */
function links(found) {
  const rows = found.map((one) => [
    h("a", { href: one.url, rel: "noreferrer" }, one.workflow_id),
    wordOf("record.workflow", one.status),
    shortDateTime(one.started_at),
  ]);
  return table(t("record.section.workflows"), ["name", "stateNow", "since"].map((name) => t(`record.head.${name}`)), rows);
}

/**
 * What comes from elsewhere and must not keep the record waiting.
 * @param {string} path
 * @param {(answer: any) => HTMLElement} shown
 */
function loaded(path, shown) {
  const place = h("div", {}, h("p", { class: "quiet" }, t("shared.loading")));
  get(path).then(
    (answer) => fill(place, shown(answer)),
    (error) => fill(place, refusalNotice(error)),
  );
  return place;
}
