// The decision on the whole: a step of its own, open once every incident is ruled on.

import { confirmed } from "../core/dialog.js";
import { h } from "../core/dom.js";
import { t } from "../core/text.js";

/** @typedef {import("./ruling.js").Row} Row */

/**
 * @param {import("./review.js").Review} review
 * @param {Row[]} rows
 * @param {(verdict: any) => Promise<void>} done raises Problem
 */
export function wholeStep(review, rows, done) {
  const standing = h("p", { role: "status" });
  const open = h("button", { type: "button", class: "primary" }, t("review.whole.open"));
  const update = () => {
    const ruled = rows.filter((row) => row.value()).length;
    standing.textContent = t("review.whole.ruled", { ruled, count: rows.length });
    open.setAttribute("aria-disabled", String(ruled < rows.length));
    if (ruled === rows.length) open.removeAttribute("aria-disabled");
  };
  open.addEventListener("click", () => {
    const unruled = rows.find((row) => !row.value());
    if (!unruled) decide(review, rows, done);
    else standing.textContent = t("review.unruled");
    unruled?.enter();
  });
  update();
  return { element: h("section", {}, h("h2", {}, t("review.whole.title")), h("p", {}, t(review.is_second_look ? "review.whole.final" : "review.whole.lead")), standing, open), update };
}

/** @param {import("./review.js").Review} review @param {Row[]} rows @param {(verdict: any) => Promise<void>} done */
async function decide(review, rows, done) {
  const count = (/** @type {string} */ ruling) => rows.filter((row) => row.value() === ruling).length;
  const facts = { nothing: count("not_an_incident"), explained: count("explained"), confirmed: count("confirmed") };
  // Nothing can be upheld that nobody confirmed.
  const outcomes = facts.confirmed ? ["cleared", "upheld"] : ["cleared"];
  const words = { cleared: t("review.whole.cleared"), upheld: t(review.is_second_look ? "review.whole.upheldFinal" : "review.whole.upheld") };
  const options = outcomes.map((outcome) => /** @type {[string, string]} */ ([outcome, words[/** @type {keyof typeof words} */ (outcome)]]));
  await confirmed({
    title: t("review.whole.title"),
    text: `${t("review.whole.facts", facts)} ${facts.confirmed ? "" : t("review.whole.onlyClear")}`,
    confirm: t("review.whole.submit"),
    fields: [
      { name: "outcome", label: t("review.whole.legend"), type: "select", options: [["", t("review.whole.choose")], ...options] },
      { name: "reason", label: t("review.reason"), hint: t("review.reasonHint"), type: "textarea" },
    ],
    act: async ({ outcome, reason }) => {
      const incidents = rows.map((row) => ({ incident_id: row.id, ruling: row.value(), reason: row.reason.value }));
      await done({ kind: "integrity", outcome, reason, incidents });
    },
  });
}
