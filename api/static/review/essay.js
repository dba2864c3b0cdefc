// Marking an essay: the answer on the left, the rubric on the right, points and a comment per criterion, kept as typed.

import { h } from "../core/dom.js";
import { rich } from "../core/markup.js";
import { shownNumber, t } from "../core/text.js";

/** @typedef {import("./review.js").Review} Review */
/** @typedef {import("./review.js").Essay} Essay */

/**
 * @param {Review} review
 * @param {(verdict: any) => Promise<void>} done
 */
export function essayDesk(review, done) {
  const essay = /** @type {Essay} */ (review.essay);
  const kept = JSON.parse(localStorage.getItem(key(review)) ?? "{}");
  const lines = essay.rubric.map((line) => criterion(line, kept[line.key] ?? {}));
  const comment = h("textarea", { id: "comment", value: kept.comment ?? "" });
  const total = h("output", {});
  const wrong = h("p", { class: "wrong", role: "alert" });
  const keep = () => {
    total.textContent = t("review.essay.total", { earned: lines.reduce((sum, line) => sum + (line.earned() ?? 0), 0), points: shownNumber(Number(essay.points)) });
    const values = Object.fromEntries(lines.map((line) => [line.key, { earned: line.input.value, comment: line.comment.value }]));
    localStorage.setItem(key(review), JSON.stringify({ ...values, comment: comment.value }));
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const bad = lines.find((line) => line.earned() === null);
    wrong.textContent = bad ? t("review.essay.missing") : "";
    if (bad) return bad.input.focus();
    const marks = lines.map((line) => ({ key: line.key, earned: String(line.earned()), comment: line.comment.value }));
    await done({ kind: "essay", marks, comment: comment.value });
    localStorage.removeItem(key(review));
  };
  keep();
  return h(
    "div",
    { class: "two-panes" },
    h("section", { "aria-label": t("review.essay.answer") }, h("div", { class: "quiet" }, rich(essay.question_html)), h("div", { class: "essay", tabIndex: 0 }, essay.answer || t("word.noAnswer"))),
    h(
      "form",
      { onInput: keep, onSubmit: submit },
      h("h2", {}, t("review.essay.rubric")),
      lines.map((line) => line.element),
      h("div", { class: "field" }, h("label", { htmlFor: "comment" }, t("review.essay.comment")), comment),
      h("p", {}, total),
      wrong,
      h("button", { type: "submit", class: "primary" }, t("review.essay.submit")),
    ),
  );
}

/** @param {Review} review */
function key(review) {
  return `pw-marks-${review.review_id}`;
}

/** @param {Essay["rubric"][number]} line @param {{ earned?: string, comment?: string }} kept */
function criterion(line, kept) {
  const most = Number(line.points);
  const input = h("input", { id: `points-${line.key}`, inputMode: "decimal", autocomplete: "off", value: kept.earned ?? "", "aria-describedby": `about-${line.key}` });
  const comment = h("input", { "aria-label": t("review.essay.remark"), placeholder: t("review.essay.remark"), value: kept.comment ?? "" });
  const earned = () => {
    const number = Number(input.value.trim().replace(",", "."));
    return input.value.trim() && number >= 0 && number <= most ? number : null;
  };
  const label = h("label", { htmlFor: input.id }, t("review.essay.points", { most }));
  const element = h("fieldset", { class: "card" }, h("legend", { id: `about-${line.key}` }, rich(line.html)), h("div", { class: "field" }, label, input), comment);
  return { key: line.key, element, input, comment, earned };
}
