// A table of a record: its caption says what it holds, its rows what was found.

import { h } from "../core/dom.js";

/**
 * @param {string} caption
 * @param {string[]} heads
 * @param {import("../core/dom.js").Child[][]} rows the first cell heads its row
 */
export function table(caption, heads, rows) {
  const lines = rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first), rest.map((cell) => h("td", {}, cell))));
  return h(
    "div",
    { class: "scroll", tabIndex: 0, role: "region", "aria-label": caption },
    h("table", {}, h("caption", { class: "unseen" }, caption), h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))), h("tbody", {}, lines)),
  );
}
