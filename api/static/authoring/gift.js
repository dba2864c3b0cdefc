// Importing questions: the text, and what is wrong with it by line.

import { fill, h } from "../core/dom.js";
import { form } from "../core/form.js";
import { Problem } from "../core/http.js";
import { t } from "../core/text.js";

/**
 * @param {import("./draft.js").Draft} draft
 * @param {(warnings: HTMLElement | null) => void} imported draws the exam anew, with what is to be known of the import
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
        imported(warnings.length ? list(t("authoring.gift.warnings"), warnings) : null);
      } catch (error) {
        const lines = error instanceof Problem ? (error.document.errors ?? []).filter((/** @type {any} */ one) => one.line) : [];
        if (lines.length) fill(findings, list(t("authoring.gift.errors"), lines, asked.querySelector("textarea")));
        throw error;
      }
    },
  });
  return h("section", {}, h("h2", { id: "import", tabIndex: -1 }, t("authoring.gift.title")), findings, fileField(asked), asked);
}

/** A file's text comes into the field, to be looked at before it is imported. @param {HTMLFormElement} asked */
function fileField(asked) {
  const file = h("input", { type: "file", id: "gift-file", accept: ".gift,.txt,text/plain" });
  file.addEventListener("change", async () => {
    const area = asked.querySelector("textarea");
    if (area && file.files?.[0]) area.value = await file.files[0].text();
  });
  return h("div", { class: "field" }, h("label", { htmlFor: "gift-file" }, t("authoring.gift.file")), file);
}

/**
 * @param {string} heading
 * @param {{ line: number, column: number, message: string }[]} problems
 * @param {HTMLTextAreaElement | null} [area] where the lines are
 */
function list(heading, problems, area = null) {
  const rows = problems.map(({ line, column, message }) => {
    const where = t("authoring.gift.at", { line, column });
    return h("li", {}, area ? h("button", { type: "button", class: "link", onClick: () => mark(area, line) }, where) : where, " ", message);
  });
  return h("div", { class: "notice medium" }, h("h3", {}, heading), h("ul", {}, rows));
}

/** Select a line, counted from 1. @param {HTMLTextAreaElement} area @param {number} line */
function mark(area, line) {
  const lines = area.value.split("\n");
  const begin = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(begin, begin + (lines[line - 1] ?? "").length);
}
