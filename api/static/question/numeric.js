// The field of a number: shows what it understood, asks where two numbers may be meant, and answers only with what is understood.

import { announce } from "../core/announce.js";
import { fill, h } from "../core/dom.js";
import { shownNumber, t } from "../core/text.js";
import { listenToTyping } from "./typing.js";
import { readNumber } from "./typed-number.js";

const SIGN = shownNumber(1.5).charAt(1); // before the decimals, in the person's language

/**
 * @param {import("../room/question.js").Question} question
 * @param {any} value the present answer, or null
 * @param {import("../room/question.js").Changed} changed
 * @param {string} mark
 * @param {string | null} typed what stood in the field, where that was no answer
 */
export function numeric(question, value, changed, mark, typed) {
  const described = `question-text${mark} answer-wrong${mark} answer-read${mark}`;
  const input = h("input", { id: `answer${mark}`, inputMode: "decimal", autocomplete: "off", spellcheck: false, value: typed ?? shown(value?.value ?? ""), "aria-describedby": described });
  const wrong = h("p", { class: "wrong", id: `answer-wrong${mark}` });
  const read = h("p", { class: "hint", id: `answer-read${mark}` });
  const choices = h("div", { class: "actions" });
  /** @type {string | null} */
  let chosen = value?.value ?? null;

  const look = () => {
    const text = without(question.unit, input.value);
    const { value: number, doubt, choices: meant } = readNumber(SIGN === "," ? text.replace(/^([^.,]*)\.([^.,]*)$/, "$1,$2") : text);
    const understood = chosen !== null && meant.includes(chosen) ? chosen : number;
    const isAsked = doubt === "ambiguous" && understood === null;
    wrong.textContent = text.trim() && understood === null ? words(doubt, meant) : "";
    read.textContent = understood === null ? "" : t("room.numberRead", { number: shown(understood) });
    input.setAttribute("aria-invalid", String(Boolean(wrong.textContent)));
    fill(choices, isAsked && meant.map((one) => h("button", { type: "button", onClick: () => choose(one) }, shown(one))));
    if (isAsked) announce(wrong.textContent);
    return understood;
  };
  const tell = () => {
    const understood = look();
    const number = understood === null ? null : { kind: "number", value: understood };
    changed(number, input.value.trim() && input.value !== shown(understood ?? "") ? input.value : null);
  };
  const choose = (/** @type {string} */ one) => {
    chosen = one;
    tell();
    announce(read.textContent ?? "");
    input.focus();
  };
  listenToTyping(input, () => {
    chosen = null;
    tell();
  });
  look();
  const unit = question.unit ? t("room.numberIn", { unit: question.unit }) : t("room.number");
  return h("div", { class: "field" }, h("label", { htmlFor: `answer${mark}` }, unit), wrong, input, read, choices);
}

/** The unit stands beside the field; whoever writes it all the same means it. @param {string} unit @param {string} text */
function without(unit, text) {
  const trimmed = text.trim();
  return unit && trimmed.endsWith(unit) ? trimmed.slice(0, -unit.length) : text;
}

/** As people of this language write it. @param {string} number */
function shown(number) {
  return number.replace(".", SIGN);
}

/** @param {string} doubt @param {string[]} meant */
function words(doubt, meant) {
  if (doubt === "ambiguous") return t("room.numberAmbiguous", { first: shown(meant[0]), second: shown(meant[1]) });
  return t(doubt === "too_long" ? "room.numberTooLong" : "room.noNumber");
}
