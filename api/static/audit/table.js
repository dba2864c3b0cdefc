// What an act changed as a small table: the field, what it was before, what it is now.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { changes } from "./leaf.js";
import { label, word } from "./word.js";

/** @typedef {{ number: number, at: string, actor_id: string | null, actor_name: string, kind: string, subject: string, subject_id: string, subject_name: string, reason: string, before: Record<string, any>, after: Record<string, any>, names: Record<string, string> }} Act */

const FEW = 4; // lines that are shown at once

/** @param {Act} act @returns {HTMLElement | null} */
export function changedTable(act) {
  const found = changes(act.before, act.after);
  if (!found.length) return null;
  const rows = found.map((change) => h("tr", {}, h("th", { scope: "row" }, label(change.path, act)), h("td", {}, word(change, change.before, act.names)), h("td", {}, word(change, change.after, act.names))));
  const heads = ["field", "before", "after"].map((name) => h("th", { scope: "col" }, t(`audit.head.${name}`)));
  const table = h("table", { class: "changes" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows));
  if (found.length <= FEW) return table;
  return h("details", {}, h("summary", {}, t("audit.values", { count: found.length })), table);
}
