// What is special about each kind of question: its fields, and what a new one begins with.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { choice, line, number, text } from "./field.js";
import { lines } from "./lines.js";

/** @typedef {import("./lines.js").Part} Part */

const OPTIONS = () => [
  { key: "a", text: "", fraction: "1", feedback: "" },
  { key: "b", text: "", fraction: "0", feedback: "" },
];

/** What a new question of each kind begins with. @type {Record<string, () => any>} */
export const BEGINNINGS = {
  single_choice: () => ({ options: OPTIONS() }),
  multiple_choice: () => ({ options: OPTIONS() }),
  true_false: () => ({ answer: true }),
  numeric: () => ({ targets: [{ value: "", tolerance: "0", fraction: "1", feedback: "" }] }),
  essay: () => ({ rubric: [{ key: "a", text: "", points: "1" }] }),
};

export const KINDS = Object.keys(BEGINNINGS);

/**
 * The fields of a kind.
 * @param {any} question
 * @param {() => void} changed
 * @returns {Part}
 */
export function fieldsOf(question, changed) {
  const made = { single_choice: options, multiple_choice: options, true_false: truth, numeric, essay }[/** @type {string} */ (question.kind)];
  if (!made) throw new Error(`there are no fields for ${question.kind}`);
  return made(question, changed);
}

/** @param {any} question @param {() => void} changed @returns {Part} */
function options(question, changed) {
  const made = lines({
    legend: t("authoring.editor.options"),
    add: t("authoring.editor.addOption"),
    values: question.options,
    least: 2,
    part: option,
    fresh: (present) => ({ key: freshKey(present), text: "", fraction: "0", feedback: "" }),
    changed,
  });
  return { element: h("div", {}, h("p", { class: "hint" }, t(`authoring.editor.worthHint.${question.kind}`)), made.element), value: () => ({ options: made.value() }) };
}

/** @param {any} value @param {number} place @returns {Part} */
function option(value, place) {
  const at = `/question/options/${place}`;
  const words = line(t("authoring.editor.option"), `${at}/text`, value.text);
  const worth = number(t("authoring.editor.worth"), `${at}/fraction`, percent(value.fraction));
  const feedback = line(t("authoring.editor.feedback"), `${at}/feedback`, value.feedback);
  const element = h("div", { class: "line" }, words.element, worth.element, feedback.element);
  return { element, value: () => ({ key: value.key, text: words.value(), fraction: fraction(worth.value()), feedback: feedback.value() }) };
}

/** @param {any} question @returns {Part} */
function truth(question) {
  const answer = choice(t("authoring.editor.truth"), "/question/answer", String(question.answer), [["true", t("room.true")], ["false", t("room.false")]]);
  const right = line(t("authoring.editor.feedbackRight"), "/question/feedback_right", question.feedback_right ?? "");
  const wrong = line(t("authoring.editor.feedbackWrong"), "/question/feedback_wrong", question.feedback_wrong ?? "");
  return { element: h("div", {}, answer.element, right.element, wrong.element), value: () => ({ answer: answer.value() === "true", feedback_right: right.value(), feedback_wrong: wrong.value() }) };
}

/** @param {any} question @param {() => void} changed @returns {Part} */
function numeric(question, changed) {
  const targets = lines({
    legend: t("authoring.editor.targets"),
    add: t("authoring.editor.addTarget"),
    values: question.targets,
    least: 1,
    part: target,
    fresh: () => ({ value: "", tolerance: "0", fraction: "0.5", feedback: "" }),
    changed,
  });
  const unit = line(t("authoring.editor.unit"), "/question/unit", question.unit ?? "");
  const wrong = line(t("authoring.editor.feedbackWrong"), "/question/feedback_wrong", question.feedback_wrong ?? "");
  return { element: h("div", {}, targets.element, unit.element, wrong.element), value: () => ({ targets: targets.value(), unit: unit.value(), feedback_wrong: wrong.value() }) };
}

/** @param {any} value @param {number} place @returns {Part} */
function target(value, place) {
  const at = `/question/targets/${place}`;
  const amount = number(t("authoring.editor.number"), `${at}/value`, value.value);
  const tolerance = number(t("authoring.editor.tolerance"), `${at}/tolerance`, value.tolerance);
  const worth = number(t("authoring.editor.worth"), `${at}/fraction`, percent(value.fraction));
  const feedback = line(t("authoring.editor.feedback"), `${at}/feedback`, value.feedback);
  const element = h("div", { class: "line" }, amount.element, tolerance.element, feedback.element, worth.element);
  return { element, value: () => ({ value: amount.value(), tolerance: tolerance.value() || "0", fraction: fraction(worth.value()), feedback: feedback.value() }) };
}

/** The points of an essay are those of its criteria. @param {any} question @param {() => void} changed @returns {Part} */
function essay(question, changed) {
  const rubric = lines({
    legend: t("authoring.editor.rubric"),
    add: t("authoring.editor.addCriterion"),
    values: question.rubric,
    least: 1,
    part: criterion,
    fresh: (present) => ({ key: freshKey(present), text: "", points: "1" }),
    changed,
  });
  const most = number(t("authoring.editor.characters"), "/question/max_characters", question.max_characters ?? 20_000);
  const value = () => {
    const kept = rubric.value();
    const points = kept.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + (Number(one.points) || 0), 0);
    return { rubric: kept, points: String(Number(points.toFixed(3))), max_characters: Number(most.value()) };
  };
  return { element: h("div", {}, rubric.element, most.element), value };
}

/** @param {any} value @param {number} place @returns {Part} */
function criterion(value, place) {
  const at = `/question/rubric/${place}`;
  const words = line(t("authoring.editor.criterion"), `${at}/text`, value.text);
  const points = number(t("authoring.editor.points"), `${at}/points`, value.points);
  return { element: h("div", { class: "line" }, words.element, points.element), value: () => ({ key: value.key, text: words.value(), points: points.value() }) };
}

/** A general remark, and a title that only authors see. @param {any} question @returns {Part} */
export function remarks(question) {
  const title = line(t("authoring.editor.title"), "/question/title", question.title ?? "", t("authoring.editor.titleHint"));
  const feedback = text(t("authoring.editor.feedbackAll"), "/question/feedback", question.feedback ?? "", undefined, 2);
  return { element: h("div", {}, title.element, feedback.element), value: () => ({ title: title.value(), feedback: feedback.value() }) };
}

/** @param {{ key: string }[]} present */
function freshKey(present) {
  const taken = new Set(present.map((one) => one.key));
  return "abcdefghijklmnopqrstuvwxyz".split("").find((key) => !taken.has(key)) ?? `n${crypto.randomUUID().slice(0, 8)}`;
}

/** @param {string} share */
function percent(share) {
  return Number((Number(share) * 100).toFixed(7));
}

/** @param {string} typed per cent @returns {string} what is no number is left to the interface to refuse */
function fraction(typed) {
  const number = Number(typed);
  return typed && !Number.isNaN(number) ? String(Number((number / 100).toFixed(9))) : typed;
}
