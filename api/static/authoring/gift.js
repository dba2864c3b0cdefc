// Importing questions: the text, and what is wrong with it by line.

import { fill, h } from "../core/dom.js";
import { form } from "../core/form.js";
import { Problem } from "../core/http.js";
import { t } from "../core/text.js";

/**
 * @param {import("./draft.js").Draft} draft
 * @param {() => void} imported
 */
export function giftForm(draft, imported) {
  const findings = h("div", { role: "status" });
  const asked = form({
    fields: [
      { name: "section", label: t("authoring.gift.section"), optional: true },
      { name: "text", label: t("authoring.gift.text"), hint: t("authoring.gift.hint"), type: "textarea", more: { spellcheck: false } },
    ],
    submit: t("authoring.gift.submit"),
    send: async ({ text, section }) => {
      fill(findings);
      try {
        const { warnings } = await draft.importGift(text, section);
        if (warnings.length) fill(findings, list(t("authoring.gift.warnings"), warnings));
        imported();
      } catch (error) {
        const lines = error instanceof Problem ? (error.document.errors ?? []).filter((/** @type {any} */ one) => one.line) : [];
        if (lines.length) fill(findings, list(t("authoring.gift.errors"), lines));
        throw error;
      }
    },
  });
  return h("section", {}, h("h2", {}, t("authoring.gift.title")), findings, asked);
}

/** @param {string} heading @param {{ line: number, column: number, message: string }[]} problems */
function list(heading, problems) {
  const rows = problems.map(({ line, column, message }) => h("li", {}, t("authoring.gift.at", { line, column }), " ", message));
  return h("div", { class: "notice medium" }, h("h3", {}, heading), h("ul", {}, rows));
}
