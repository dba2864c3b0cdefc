// Giving a review back to the queue: at once where nothing is begun, else after saying what becomes of what was typed.

import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { refusalNotice } from "../core/trouble.js";
import { ReviewDraft } from "./draft.js";
import { giveBack } from "./review.js";

const TYPED = "textarea, input:not([type=radio], [type=checkbox], [type=range])";

/**
 * @param {import("./review.js").Review} review
 * @param {HTMLElement} desk where it is decided
 * @param {() => void} done once it is free again
 */
export function giveBackBox(review, desk, done) {
  const key = crypto.randomUUID();
  const trouble = h("div", { role: "alert" });
  const act = async () => {
    await giveBack(review.review_id, key);
    ReviewDraft.forget(review.review_id);
  };
  const press = async () => {
    if (isBegun(desk)) return (await confirmed({ title: t("review.giveBack.title"), text: t("review.giveBack.begun"), confirm: t("review.giveBack.act"), act })) && done();
    button.disabled = true;
    try {
      await act();
      done();
    } catch (error) {
      button.disabled = false;
      fill(trouble, refusalNotice(error));
    }
  };
  const button = h("button", { type: "button", "aria-describedby": "give-back-why", onClick: press }, t("review.giveBack.act"));
  return h("div", { class: "actions" }, button, h("span", { class: "quiet small", id: "give-back-why" }, t("review.giveBack.why")), trouble);
}

/** What is said once it is free again, with the way on. */
export function givenBack() {
  const heading = h("h2", { tabIndex: -1 }, t("review.giveBack.done"));
  return h("div", { class: "notice good" }, heading, h("p", {}, t("review.giveBack.free")), h("p", {}, h("a", { class: "button", href: "/reviews" }, t("review.back"))));
}

/** Whether anything is typed or chosen. @param {HTMLElement} desk */
function isBegun(desk) {
  const typed = /** @type {NodeListOf<HTMLInputElement>} */ (desk.querySelectorAll(TYPED));
  return desk.querySelector("input[type=radio]:checked") !== null || [...typed].some((field) => field.value.trim() !== "");
}
