// Marking an essay: the answer on the left, the rubric on the right, all of it by keyboard, kept as typed.

import { h } from "../core/dom.js";
import { rich } from "../core/markup.js";
import { shownNumber, t } from "../core/text.js";
import { criterion } from "./criterion.js";
import { ReviewDraft } from "./draft.js";
import { snippetBox } from "./snippet.js";

/** @typedef {import("./review.js").Review} Review */
/** @typedef {import("./review.js").Essay} Essay */

/**
 * @param {Review} review
 * @param {(verdict: any) => Promise<boolean>} done whether it is decided; what is wrong is shown
 * @param {string} person who marks
 */
export function essayDesk(review, done, person) {
  const essay = /** @type {Essay} */ (review.essay);
  const kept = h("p", { class: "quiet small", role: "status" });
  const draft = new ReviewDraft(review.review_id, kept);
  const lines = essay.rubric.map((line) => criterion(line, draft.values[line.key] ?? {}));
  const comment = h("textarea", { id: "comment", value: draft.values.comment ?? "" });
  /** @type {HTMLInputElement | HTMLTextAreaElement} */
  let written = comment;
  const snippets = snippetBox(person, () => written);
  const total = h("output", {});
  const wrong = h("p", { class: "wrong", role: "alert" });
  const sum = () => {
    total.textContent = t("review.essay.total", { earned: lines.reduce((points, line) => points + (line.earned() ?? 0), 0), points: shownNumber(Number(essay.points)) });
  };
  const keep = () => {
    sum();
    const values = Object.fromEntries(lines.map((line) => [line.key, { earned: line.input.value, comment: line.comment.value }]));
    draft.keep({ ...values, comment: comment.value });
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const bad = lines.find((line) => line.earned() === null);
    wrong.textContent = bad ? t("review.essay.missing") : "";
    if (bad) return bad.input.focus();
    const marks = lines.map((line) => ({ key: line.key, earned: String(line.earned()), comment: line.comment.value }));
    if (await done({ kind: "essay", marks, comment: comment.value })) draft.drop();
  };
  sum();
  const form = h(
    "form",
    { onInput: keep, onSubmit: submit },
    h("h2", {}, t("review.essay.rubric")),
    h("p", { class: "quiet small" }, t("review.essay.keys")),
    lines.map((line) => line.element),
    h("div", { class: "field" }, h("label", { htmlFor: "comment" }, t("review.essay.comment")), comment),
    snippets.element,
    h("p", {}, total),
    wrong,
    h("button", { type: "submit", class: "primary" }, t("review.essay.submit")),
    kept,
  );
  form.addEventListener("focusin", (event) => {
    const field = event.target;
    if (field === comment || lines.some((line) => line.comment === field)) written = /** @type {HTMLInputElement} */ (field);
  });
  const fields = lines.flatMap((line) => [line.input, line.comment]);
  form.addEventListener("keydown", (event) => keys(event, form, [...fields, comment], snippets));
  setTimeout(() => lines.find((line) => line.earned() === null)?.input.focus()); // once it stands on the page
  const words = essay.answer.trim() ? essay.answer.trim().split(/\s+/).length : 0;
  const answer = h("section", { "aria-label": t("review.essay.answer") }, h("p", { class: "quiet small" }, t("review.essay.blind")), h("div", { class: "quiet" }, rich(essay.question_html)), h("div", { class: "essay", tabIndex: 0 }, essay.answer || t("word.noAnswer")), h("p", { class: "quiet small" }, t("review.essay.words", { count: words })));
  return h("div", { class: "two-panes" }, answer, form);
}

/**
 * Enter goes on to the next field, Ctrl and Enter saves, Alt and a digit puts a snippet.
 * @param {KeyboardEvent} event
 * @param {HTMLFormElement} form
 * @param {HTMLElement[]} fields
 * @param {ReturnType<typeof snippetBox>} snippets
 */
function keys(event, form, fields, snippets) {
  snippets.key(event);
  if (event.key !== "Enter") return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    return form.requestSubmit();
  }
  const place = fields.indexOf(/** @type {HTMLElement} */ (event.target));
  if (place < 0 || place === fields.length - 1) return; // a button presses itself, a text breaks its line
  event.preventDefault();
  fields[place + 1].focus();
}
