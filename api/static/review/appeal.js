// Deciding on an appeal: what the student says, and what follows.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";

const OUTCOMES = ["dismissed", "remark", "reinvestigate"];

/**
 * @param {import("./review.js").Review} review
 * @param {(verdict: any) => Promise<void>} done
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
  return h(
    "form",
    { onSubmit: submit },
    h("h2", {}, t("review.appeal.said")),
    h("blockquote", { class: "essay" }, review.appeal ?? ""),
    h("fieldset", {}, h("legend", {}, t("review.appeal.legend")), radios.map((radio) => h("label", { class: "choice" }, radio, h("span", {}, t(`review.appeal.${radio.value}`))))),
    h("div", { class: "field" }, h("label", { htmlFor: "reason" }, t("review.reason")), reason),
    wrong,
    h("button", { type: "submit", class: "primary" }, t("review.appeal.submit")),
  );
}
