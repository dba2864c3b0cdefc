// The answers that are not saved as they stand: said in the bar, in the review and before handing in, with the way to them.

import { h } from "../core/dom.js";
import { language, t } from "../core/text.js";

const list = new Intl.ListFormat(language, { type: "conjunction" });

/** @param {number[]} places */
function values(places) {
  return { count: places.length, numbers: list.format(places.map((place) => String(place + 1))) };
}

/**
 * For the bar: leads to the first of them, and pressed there to the next.
 * @param {number[]} places
 * @param {(place: number) => void} open
 * @param {() => number} present the open question
 */
export function notTakenLink(places, open, present) {
  const go = () => open(places.find((place) => place > present()) ?? places[0]);
  return h("button", { type: "button", class: "link status medium", onClick: go }, h("span", { "aria-hidden": "true" }, "!"), t("room.notSaved", values(places)));
}

/** For the review: what will not be handed in, and a way to each. @param {import("./desk.js").Desk} desk @returns {HTMLElement[]} */
export function notTakenReview(desk) {
  const places = desk.notTaken();
  if (!places.length) return [];
  const ways = places.map((place) => h("button", { type: "button", onClick: () => desk.open(place) }, t("room.goTo", { number: place + 1 })));
  return [h("div", { class: "notice medium" }, h("p", {}, notTakenWords(places)), h("div", { class: "actions" }, ways))];
}

/** What the question before handing in says. @param {number} waiting answers that are not sent @param {number[]} places */
export function submitWords(waiting, places) {
  const end = waiting ? t("room.submitWaiting", { count: waiting }) : t("room.submitText");
  return places.length ? `${notTakenWords(places)} ${end}` : end;
}

/** @param {number[]} places */
export function notTakenWords(places) {
  return t("room.notSavedText", values(places));
}
