// Deciding on an appeal: what it is about, what the student says, and what follows.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { outcomeShown } from "./outcome.js";
import { said } from "./said.js";

const OUTCOMES = ["dismissed", "remark", "reinvestigate"];

/**
 * @param {import("./review.js").Review} review
 * @param {(verdict: any) => Promise<boolean>} done whether it is decided; what is wrong is shown
 */
export function appealDesk(review, done) {
  const radios = OUTCOMES.map((value) => h("input", { type: "radio", name: "outcome", value }));
  const reason = h("textarea", { id: "reason" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const outcome = radios.find((radio) => radio.checked)?.value;
    wrong.textContent = outcome && reason.value.trim() ? "" : t("review.undecided");
    if (!wrong.textContent) await done({ kind: "appeal", outcome, reason: reason.value });
  };
  const form = h(
    "form",
    { onSubmit: submit },
    h("fieldset", {}, h("legend", {}, t("review.appeal.legend")), radios.map((radio) => h("label", { class: "choice" }, radio, h("span", {}, t(`review.appeal.${radio.value}`))))),
    h("div", { class: "field" }, h("label", { htmlFor: "reason" }, t("review.reason")), h("p", { class: "hint", id: "reason-hint" }, t("review.reasonHint")), reason),
    wrong,
    h("button", { type: "submit", class: "primary" }, t("review.appeal.submit")),
  );
  reason.setAttribute("aria-describedby", "reason-hint");
  return h("div", { class: "two-panes" }, outcomeShown(String(review.attempt_id)), h("section", {}, said(review), h("h2", {}, t("review.appeal.decision")), form));
}
