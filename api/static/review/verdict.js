// A decision as it was taken, for who looks at it again.

import { h } from "../core/dom.js";
import { shownNumber, t } from "../core/text.js";

/** @param {import("./review.js").Review} review @returns {HTMLElement | null} */
export function verdictShown({ kind, verdict, essay }) {
  if (!verdict) return null;
  if (kind === "essay") return marks(verdict, essay);
  const outcome = t(kind === "integrity" ? `review.outcome.${verdict.outcome}` : `review.appeal.${verdict.outcome}`);
  return h("p", {}, h("strong", {}, outcome), " – ", verdict.reason);
}

/** @param {any} verdict @param {import("./review.js").Essay | null} essay */
function marks(verdict, essay) {
  const earned = verdict.marks.reduce((/** @type {number} */ sum, /** @type {any} */ mark) => sum + Number(mark.earned), 0);
  const total = t("review.essay.total", { earned: shownNumber(earned), points: shownNumber(Number(essay?.points ?? 0)) });
  return h("p", {}, h("strong", {}, total), verdict.comment ? ` – ${verdict.comment}` : "");
}
