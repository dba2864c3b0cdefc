// One question with the fields of its kind: real form controls, so that every device and reader knows them.

import { h } from "../core/dom.js";
import { rich } from "../core/markup.js";
import { t } from "../core/text.js";

/** @typedef {{ key: string, html: string }} Option */
/** @typedef {{ question_id: string, kind: string, html: string, points: string, options: Option[], unit: string, max_characters: number | null }} Question */

/**
 * @param {Question} question
 * @param {number} number
 * @param {any} value the present answer, or null
 * @param {(value: any) => void} changed
 * @param {string} [mark] tells the ids of several questions on one page apart
 * @returns {HTMLElement}
 */
export function questionForm(question, number, value, changed, mark = "") {
  const body = { single_choice: choice, multiple_choice: choice, true_false: truth, numeric, essay }[question.kind];
  if (!body) throw new Error(`there is no form for ${question.kind}`);
  const heading = h("h2", { id: `question${mark}`, tabIndex: -1 }, t("room.question", { number, points: question.points, count: Number(question.points) }));
  const text = h("div", { class: "question-text", id: `question-text${mark}` }, rich(question.html));
  return h("section", { class: "question", "aria-labelledby": `question${mark}` }, heading, text, body(question, value, changed, mark));
}

/** @param {Question} question @param {any} value @param {(value: any) => void} changed @param {string} mark */
function choice(question, value, changed, mark) {
  const isSingle = question.kind === "single_choice";
  const inputs = question.options.map((option) =>
    h("input", { type: isSingle ? "radio" : "checkbox", class: "choice", name: `option${mark}`, value: option.key, checked: value?.chosen.includes(option.key) ?? false }),
  );
  const tell = () => changed({ kind: "choice", chosen: inputs.filter((input) => input.checked).map((input) => input.value) });
  return group(isSingle ? "room.chooseOne" : "room.chooseMany", inputs, question.options.map((option) => rich(option.html)), tell, mark);
}

/** @param {Question} _question @param {any} value @param {(value: any) => void} changed @param {string} mark */
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

/** @param {Question} question @param {any} value @param {(value: any) => void} changed @param {string} mark */
function numeric(question, value, changed, mark) {
  const input = h("input", { id: `answer${mark}`, inputMode: "decimal", autocomplete: "off", value: value?.value ?? "", "aria-describedby": `question-text${mark} answer-wrong${mark}` });
  const wrong = h("p", { class: "wrong", id: `answer-wrong${mark}` });
  input.addEventListener("input", () => {
    const typed = input.value.trim().replace(",", ".");
    const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(typed);
    wrong.textContent = typed && !isNumber ? t("room.noNumber") : "";
    input.setAttribute("aria-invalid", String(Boolean(wrong.textContent)));
    if (isNumber) changed({ kind: "number", value: typed });
    else if (!typed) changed(null);
  });
  const unit = question.unit ? t("room.numberIn", { unit: question.unit }) : t("room.number");
  return h("div", { class: "field" }, h("label", { htmlFor: `answer${mark}` }, unit), wrong, input);
}

/** @param {Question} question @param {any} value @param {(value: any) => void} changed @param {string} mark */
function essay(question, value, changed, mark) {
  const most = question.max_characters ?? 20_000;
  const left = h("p", { class: "hint", id: `answer-left${mark}` });
  const area = h("textarea", { id: `answer${mark}`, rows: 14, maxLength: most, value: value?.text ?? "", "aria-describedby": `question-text${mark} answer-left${mark}` });
  const count = () => {
    left.textContent = t("room.charactersLeft", { count: most - area.value.length });
  };
  area.addEventListener("input", () => {
    count();
    changed(area.value ? { kind: "text", text: area.value } : null);
  });
  count();
  return h("div", { class: "field" }, h("label", { htmlFor: `answer${mark}` }, t("room.yourText")), area, left);
}

/**
 * Whether a value answers anything.
 * @param {any} value
 */
export function isAnswered(value) {
  if (!value) return false;
  return value.kind === "choice" ? value.chosen.length > 0 : true;
}
