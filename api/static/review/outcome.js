// What an appeal is about: the marks and rulings as they stand, for who decides on it.

import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { rich } from "../core/markup.js";
import { t } from "../core/text.js";
import { answerShown, incidentName, pointsOf, severity } from "../core/word.js";
import { inWords } from "../core/trouble.js";

/** @param {string} attempt */
export function outcomeShown(attempt) {
  const place = h("div", {}, t("shared.loading"));
  get(`/api/corrections/attempts/${attempt}/results`).then((result) => show(place, result), (error) => fill(place, inWords(error)));
  return h("section", { "aria-label": t("review.appeal.about") }, h("h2", {}, t("review.appeal.about")), place);
}

/** @param {HTMLElement} place @param {any} result */
function show(place, result) {
  const total = result.earned === null ? null : h("p", { class: "total" }, pointsOf(result.earned, result.points));
  const incidents = result.incidents.map((/** @type {any} */ one) =>
    h("li", { class: "row" }, h("span", {}, incidentName(one.kind), " ", severity(one.severity)), h("span", { class: "quiet" }, one.ruling ? t(`review.ruling.${one.ruling}`) : t("review.appeal.noRuling"), one.reason ? `: ${one.reason}` : "")),
  );
  fill(place, total, h("ol", { class: "cards" }, result.items.map(item)), incidents.length ? h("ul", { class: "rows" }, incidents) : null);
}

/** @param {any} item @param {number} place */
function item(item, place) {
  const marks = item.earned === null ? null : pointsOf(item.earned, item.points);
  const heading = h("summary", {}, t("review.appeal.question", { number: place + 1 }), " ", h("strong", {}, marks));
  return h("li", { class: "card" }, h("details", {}, heading, h("div", {}, rich(item.question.html)), answerShown(item.answer, item.question, rich), h("p", { class: "quiet" }, item.explanation)));
}
