// One question with the fields of its kind: real form controls, so that every device and reader knows them.

import { h } from "../core/dom.js";
import { rich } from "../core/markup.js";
import { t } from "../core/text.js";
import { essay } from "../question/essay.js";
import { numeric } from "../question/numeric.js";

/** @typedef {{ key: string, html: string }} Option */
/** @typedef {{ question_id: string, kind: string, html: string, points: string, options: Option[], unit: string, max_characters: number | null }} Question */
/**
 * @callback Changed
 * @param {any} value null is no answer; undefined leaves the answer as it was
 * @param {string | null} [typed] what stands in the field, where it says more than the value
 * @returns {void}
 */

/**
 * @param {Question} question
 * @param {number} number
 * @param {any} value the present answer, or null
 * @param {Changed} changed
 * @param {string} [mark] tells the ids of several questions on one page apart
 * @param {string | null} [typed] what stood in the field, where that was no answer
 * @returns {HTMLElement}
 */
export function questionForm(question, number, value, changed, mark = "", typed = null) {
  const body = { single_choice: choice, multiple_choice: choice, true_false: truth, numeric, essay }[question.kind];
  if (!body) throw new Error(`there is no form for ${question.kind}`);
  const heading = h("h2", { id: `question${mark}`, tabIndex: -1 }, t("room.question", { number, points: question.points, count: Number(question.points) }));
  const text = h("div", { class: "question-text", id: `question-text${mark}` }, rich(question.html));
  return h("section", { class: "question", "aria-labelledby": `question${mark}` }, heading, text, body(question, value, changed, mark, typed));
}

/** @param {Question} question @param {any} value @param {Changed} changed @param {string} mark */
function choice(question, value, changed, mark) {
  const isSingle = question.kind === "single_choice";
  const inputs = question.options.map((option) =>
    h("input", { type: isSingle ? "radio" : "checkbox", class: "choice", name: `option${mark}`, value: option.key, checked: value?.chosen.includes(option.key) ?? false }),
  );
  const tell = () => changed({ kind: "choice", chosen: inputs.filter((input) => input.checked).map((input) => input.value) });
  return group(isSingle ? "room.chooseOne" : "room.chooseMany", inputs, question.options.map((option) => rich(option.html)), tell, mark);
}

/** @param {Question} _question @param {any} value @param {Changed} changed @param {string} mark */
function truth(_question, value, changed, mark) {
  const inputs = [true, false].map((each) =>
    h("input", { type: "radio", class: "choice", name: `option${mark}`, value: String(each), checked: value?.value === each }),
  );
  const tell = () => changed({ kind: "truth", value: inputs[0].checked });
  return group("room.chooseOne", inputs, [[t("room.true")], [t("room.false")]], tell, mark);
}

/**
 * @param {string} legend
 * @param {HTMLInputElement[]} inputs
 * @param {(Node | string)[][]} labels
 * @param {() => void} tell
 * @param {string} mark
 */
function group(legend, inputs, labels, tell, mark) {
  const rows = inputs.map((input, place) => {
    const digit = h("span", { class: "digit", "aria-hidden": "true" }, place + 1);
    return h("label", { class: "option" }, input, h("span", { class: "option-text" }, labels[place]), digit);
  });
  const names = { "aria-describedby": `question-text${mark}` };
  return h("fieldset", { ...names, onChange: tell }, h("legend", { class: "quiet" }, t(legend)), rows);
}

/**
 * Whether a value answers anything.
 * @param {any} value
 */
export function isAnswered(value) {
  if (!value) return false;
  if (value.kind === "choice") return value.chosen.length > 0;
  return value.kind === "text" ? value.text.trim() !== "" : true;
}
