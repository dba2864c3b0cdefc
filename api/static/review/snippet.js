// Remarks that a grader makes often: kept on this device for this person, put into the remark one is writing.

import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";

const MOST = 30;

/**
 * @param {string} person
 * @param {() => HTMLInputElement | HTMLTextAreaElement} target the remark that was written in last
 */
export function snippetBox(person, target) {
  const key = `pw-snippets-${person}`;
  /** @type {string[]} */
  let kept = JSON.parse(localStorage.getItem(key) ?? "[]");
  const list = h("ol", { class: "rows" });
  const store = (/** @type {string[]} */ texts) => {
    kept = texts.slice(0, MOST);
    localStorage.setItem(key, JSON.stringify(kept));
    show();
  };
  const show = () => {
    const rows = kept.map((text, place) =>
      h("li", { class: "row" },
        h("button", { type: "button", class: "link", onClick: () => insert(target(), text) }, text, place < 9 ? h("kbd", { "aria-hidden": "true" }, `Alt+${place + 1}`) : null),
        h("button", { type: "button", class: "link", "aria-label": t("review.snippet.forgetOne", { text }), onClick: () => store(kept.filter((_, other) => other !== place)) }, t("review.snippet.forget"))));
    fill(list, rows.length ? rows : h("li", { class: "quiet" }, t("review.snippet.none")));
  };
  const keep = () => {
    const text = target().value.trim();
    if (text && !kept.includes(text)) store([...kept, text]);
  };
  show();
  return {
    element: h("details", { class: "fold" }, h("summary", {}, t("review.snippet.title")), h("p", { class: "hint" }, t("review.snippet.hint")), list, h("button", { type: "button", onClick: keep }, t("review.snippet.keep"))),
    /** Alt and a digit. @param {KeyboardEvent} event */
    key(event) {
      const text = event.altKey && /^Digit[1-9]$/.test(event.code) ? kept[Number(event.code.slice(5)) - 1] : undefined;
      if (text === undefined) return;
      event.preventDefault();
      insert(target(), text);
    },
  };
}

/** @param {HTMLInputElement | HTMLTextAreaElement} field @param {string} text */
function insert(field, text) {
  field.value = [field.value.trim(), text].filter(Boolean).join(" ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}
