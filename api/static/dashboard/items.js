// Questions: how hard each is, and how well it tells good from weak attempts.

import { t } from "../core/text.js";
import { figure } from "./figure.js";
import { panels } from "./panel.js";
import { count, hundredth, NOTHING, tenth } from "./say.js";

/** @typedef {{ question_id: string, number: number | null, title: string, answers: number, difficulty: number | null, discrimination: number | null, mean_seconds: number | null }} Item */

// As docs/analytics.md says; the PDF report uses the same limit.
const TELLS_LITTLE = 0.2;

/**
 * @param {Item[]} items
 * @param {string} file
 */
export function questions(items, file) {
  return figure({
    finding: finding(items),
    draw: panels({
      rows: items.map((item) => ({ name: [item.number, item.title].filter(Boolean).join(". "), values: [item.difficulty, item.discrimination] })),
      panels: [
        { title: t("dashboard.axis.difficulty"), from: 0, to: 1 },
        { title: t("dashboard.axis.discrimination"), from: -1, to: 1, mark: TELLS_LITTLE },
      ],
      shown: hundredth,
      ticked: count,
      nothing: NOTHING,
    }),
    note: t("dashboard.itemNote", { limit: TELLS_LITTLE }),
    table: {
      name: "items",
      rows: items,
      columns: [
        { name: "number", value: (row) => row.number },
        { name: "question", value: (row) => row.title, isText: true },
        { name: "answers", value: (row) => row.answers, shown: (row) => count(row.answers) },
        { name: "difficulty", value: (row) => row.difficulty, shown: (row) => hundredth(row.difficulty) },
        { name: "discrimination", value: (row) => row.discrimination, shown: (row) => hundredth(row.discrimination) },
        { name: "mean_seconds", value: (row) => row.mean_seconds, shown: (row) => tenth(row.mean_seconds) },
      ],
    },
    file,
  });
}

/** @param {Item[]} items */
function finding(items) {
  const measured = items.filter((item) => item.discrimination !== null);
  const poor = measured.filter((item) => (item.discrimination ?? 0) < TELLS_LITTLE);
  const graded = items.filter((item) => item.difficulty !== null);
  const hardest = graded.reduce((/** @type {Item | undefined} */ worst, item) => (!worst || (item.difficulty ?? 1) < (worst.difficulty ?? 1) ? item : worst), undefined);
  const said = hardest ? [t("dashboard.finding.hardest", { question: hardest.number ?? hardest.title, difficulty: hundredth(hardest.difficulty) })] : [];
  if (!measured.length) said.push(t("dashboard.finding.unmeasured"));
  else if (poor.length) said.push(t("dashboard.finding.poor", { count: poor.length, all: measured.length }));
  else said.push(t("dashboard.finding.allTell"));
  return said.join(" ");
}
