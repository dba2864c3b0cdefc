// What the student said: to the proctors during the exam, and in an appeal.

import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";
import { inWords } from "../core/trouble.js";

/** @param {import("./review.js").Review} review */
export function said(review) {
  const place = h("div", { role: "status" }, t("shared.loading"));
  const appeal = review.appeal ? [h("h3", {}, t("review.said.appeal")), h("blockquote", { class: "essay" }, review.appeal)] : null;
  load(String(review.attempt_id)).then((items) => show(place, items), (error) => fill(place, inWords(error)));
  return h("section", {}, h("h2", {}, t("review.said.title")), appeal, h("h3", {}, t("review.said.messages")), place);
}

/** All of it, page by page. @param {string} attempt */
async function load(attempt) {
  /** @type {any[]} */
  let items = [];
  /** @type {number | null} */
  let after = 0;
  while (after !== null) {
    const page = /** @type {any} */ (await get(`/api/monitoring/attempts/${attempt}/messages?limit=200&after=${after}`));
    items = [...items, ...page.items];
    after = page.next_after;
  }
  return items;
}

/** @param {HTMLElement} place @param {any[]} items */
function show(place, items) {
  const rows = items.map((one) => h("li", { class: "row" }, h("p", {}, h("strong", {}, t(`review.said.${one.role}`)), " ", one.text), h("time", { class: "quiet small", dateTime: one.at }, clockTime(one.at))));
  fill(place, rows.length ? h("ol", { class: "rows" }, rows) : h("p", { class: "quiet" }, t("review.said.nothing")));
}
