// The field of an essay: takes whatever is typed or pasted, says when it is too long, and never stores half of it.

import { announce } from "../core/announce.js";
import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { listenToTyping } from "./typing.js";

const MOST = 20_000;

/**
 * @param {import("../room/question.js").Question} question
 * @param {any} value the present answer, or null
 * @param {import("../room/question.js").Changed} changed
 * @param {string} mark
 * @param {string | null} typed what stood in the field, where that was no answer
 */
export function essay(question, value, changed, mark, typed) {
  const most = question.max_characters ?? MOST;
  const left = h("p", { class: "hint", id: `answer-left${mark}` });
  const wrong = h("p", { class: "wrong", id: `answer-wrong${mark}` });
  const described = `question-text${mark} answer-wrong${mark} answer-left${mark}`;
  const area = h("textarea", { id: `answer${mark}`, rows: 14, value: typed ?? value?.text ?? "", "aria-describedby": described });

  const look = () => {
    const count = charactersOf(area.value);
    const isTooLong = count > most;
    if (isTooLong && !wrong.textContent) announce(t("room.tooLong", { count: count - most }));
    wrong.textContent = isTooLong ? t("room.tooLong", { count: count - most }) : "";
    left.textContent = isTooLong ? "" : t("room.charactersLeft", { count: most - count });
    area.setAttribute("aria-invalid", String(isTooLong));
    return isTooLong;
  };
  listenToTyping(area, () => {
    const text = area.value.toWellFormed(); // half a character, as a broken paste leaves it, would be refused with all the rest
    if (look()) changed(undefined, area.value);
    else changed(text ? { kind: "text", text } : null, null);
  });
  look();
  return h("div", { class: "field" }, h("label", { htmlFor: `answer${mark}` }, t("room.yourText")), wrong, area, left);
}

/** As the server counts them: a sign beyond the first 65,536 is one. @param {string} text */
function charactersOf(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
