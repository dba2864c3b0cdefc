// The list of questions with what is answered, flagged and open, and the summary before handing in.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { notTakenReview } from "./not-taken.js";
import { isAnswered } from "./question.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {Desk} desk @returns {HTMLElement[]} */
export function questionList(desk) {
  const items = desk.questions.map((_, place) => {
    const label = t("room.item", { number: place + 1, state: wordsOf(desk, place).join(", ") });
    const sign = desk.isFlagged(place) ? "⚑" : desk.isAnswered(place) ? "✓" : "";
    const current = place === desk.place ? "step" : null;
    return h("li", {}, h("button", { type: "button", "aria-label": label, "aria-current": current, onClick: () => desk.open(place) }, place + 1, " ", h("span", { "aria-hidden": "true" }, sign)));
  });
  const count = desk.questions.length;
  const answered = desk.questions.filter((each) => isAnswered(desk.plan.book.valueOf(each.question_id))).length;
  const review = h("button", { type: "button", "aria-current": desk.place === count ? "step" : null, onClick: () => desk.open(count) }, t("room.review"));
  return [h("p", { class: "small" }, t("room.progress", { answered, count })), h("ol", {}, items), review];
}

/** @param {Desk} desk @returns {HTMLElement[]} */
export function reviewStep(desk) {
  const count = desk.questions.length;
  const places = desk.questions.map((_, place) => place);
  const open = places.filter((place) => !desk.isAnswered(place)).length;
  const flagged = places.filter((place) => desk.isFlagged(place)).length;
  const rows = places.map((place) =>
    h("li", { class: "row" }, h("button", { type: "button", class: "link", onClick: () => desk.open(place) }, t("room.questionNumber", { number: place + 1 })), h("span", {}, wordsOf(desk, place).join(", "))),
  );
  const back = h("button", { type: "button", onClick: () => desk.open(count - 1) }, t("room.back"));
  const submit = h("button", { type: "button", class: "primary", onClick: desk.plan.submit }, t("room.submit"));
  return [
    h("h2", { tabIndex: -1 }, t("room.review")),
    open ? h("p", { class: "notice medium" }, t("room.unanswered", { count: open })) : h("p", { class: "notice good" }, t("room.allAnswered")),
    ...notTakenReview(desk),
    ...(flagged ? [h("p", { class: "notice medium" }, t("room.stillFlagged", { count: flagged }))] : []),
    h("ol", { class: "rows" }, rows),
    h("div", { class: "actions" }, back, submit),
  ];
}

/** @param {Desk} desk @param {number} place @returns {string[]} */
function wordsOf(desk, place) {
  const words = [t(desk.isAnswered(place) ? "room.answered" : "room.notAnswered")];
  if (desk.isNotTaken(place)) words.push(t("room.notTaken"));
  return desk.isFlagged(place) ? [...words, t("room.flagged")] : words;
}
