// What stands in the middle of the room when nobody can write: paused, time is up, open elsewhere.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";

/** @param {HTMLElement} next what the person can do, or has done */
export function paused(next) {
  return h("div", { class: "notice medium" }, h("h2", { tabIndex: -1 }, t("room.paused")), h("p", {}, t("room.pausedText")), next);
}

/** @param {number} waiting answers that are not sent yet */
export function timeIsUp(waiting) {
  const text = waiting ? t("room.timeIsUpWaiting", { count: waiting }) : t("room.timeIsUpText");
  return h("div", { class: "notice good" }, h("h2", {}, t("room.timeIsUp")), h("p", {}, text));
}

/** Another window or device writes this exam. */
export function elsewhere() {
  const again = h("button", { type: "button", onClick: () => location.reload() }, t("room.continueHere"));
  return h("div", { class: "notice medium" }, h("h2", {}, t("room.elsewhere")), h("p", {}, t("room.elsewhereText")), again);
}
