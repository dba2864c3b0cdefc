// Parts of the start page: a section with what is due in it, the most urgent first, and a quiet word where nothing is.

import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { refusalNotice } from "../core/trouble.js";

/** @typedef {import("../core/dom.js").Child} Child */

/**
 * A section that is filled when its answer is there, so that a slow part keeps no other waiting.
 * @param {string} name of its heading
 * @param {() => Promise<Child>} read
 * @param {number} [every] milliseconds after which it is read again while somebody may be looking
 */
export function due(name, read, every) {
  const place = h("div", {}, h("p", { class: "quiet" }, t("shared.loading")));
  const show = async () => {
    try {
      fill(place, await read());
    } catch (error) {
      fill(place, refusalNotice(error), h("button", { type: "button", onClick: show }, t("shared.tryAgain")));
    }
  };
  show();
  // Whoever is about to follow a link keeps it.
  if (every) setInterval(() => document.visibilityState === "visible" && !place.contains(document.activeElement) && show(), every);
  return h("section", {}, h("h2", {}, t(`home.${name}.title`)), place);
}

/**
 * A list of things to do; each line is a link, what it is about, and when it is due.
 * @param {{ href: string, title: string, state: Child, detail?: Child }[]} lines
 * @param {string} empty
 */
export function lines(lines, empty) {
  if (!lines.length) return h("p", { class: "quiet" }, empty);
  const items = lines.map(({ href, title, state, detail }) =>
    h("li", { class: "due" }, h("div", {}, h("a", { href }, title), detail && h("div", { class: "quiet small" }, detail)), h("div", { class: "due-state" }, state)),
  );
  return h("ul", { class: "rows" }, items);
}
