// A conversation to read and to go on with: the messages in their order, and the field for the next one.

import { fill, freshId, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { hourAndMinute } from "../core/time.js";

const LONGEST = 1_000; // characters

/**
 * @typedef {object} Entry
 * @property {string} who
 * @property {string} text
 * @property {string | null} at
 * @property {boolean} isMine
 * @property {string} [state] of one's own: sent, seen, waiting
 * @property {string} [trouble] why it was not sent
 * @property {() => void} [drop] puts away what was not sent
 */

export class Thread {
  /**
   * @param {{ label: string, field: string, say: (text: string) => void | Promise<void> }} plan
   */
  constructor(plan) {
    this.plan = plan;
    this.shown = "";
    this.list = h("ol", { class: "thread", tabIndex: 0, "aria-label": plan.label });
    this.area = h("textarea", { id: freshId(), rows: 2, maxLength: LONGEST });
    this.left = h("p", { class: "hint small", role: "status" });
    this.form = this.composer();
    this.over = h("p", { class: "quiet", hidden: true }, t("talk.over"));
    this.element = h("div", { class: "talk" }, this.list, this.form, this.over);
  }

  composer() {
    const send = h("button", { type: "submit" }, t("talk.send"));
    const label = h("label", { htmlFor: this.area.id }, this.plan.field);
    const hint = h("p", { class: "hint small", id: freshId() }, t("talk.keys"));
    this.area.setAttribute("aria-describedby", hint.id);
    const form = h("form", { noValidate: true }, h("div", { class: "field" }, label, this.area, this.left), h("div", { class: "actions" }, send, hint));
    this.area.addEventListener("input", () => this.count());
    this.area.addEventListener("paste", (event) => event.stopPropagation()); // a message is no answer
    this.area.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    return form;
  }

  send() {
    const text = this.area.value.trim();
    if (!text) return this.area.focus();
    this.area.value = "";
    this.count();
    this.plan.say(text);
  }

  /** Only near the end one needs to know how much room is left. */
  count() {
    const left = LONGEST - this.area.value.length;
    this.left.textContent = left <= 100 ? t("talk.left", { count: left }) : "";
  }

  /** @param {Entry[]} entries @param {boolean} isOpen whether something may still be said */
  show(entries, isOpen) {
    this.form.hidden = !isOpen;
    this.over.hidden = isOpen;
    const key = JSON.stringify(entries);
    if (key === this.shown) return;
    this.shown = key;
    fill(this.list, entries.length ? entries.map(row) : h("li", { class: "quiet" }, t("talk.nothing")));
    this.list.scrollTop = this.list.scrollHeight;
  }
}

/** @param {Entry} entry */
function row({ who, text, at, isMine, state, trouble, drop }) {
  const when = at ? h("span", { class: "quiet" }, hourAndMinute(at)) : null;
  const away = drop ? h("button", { type: "button", class: "link", onClick: drop }, t("talk.drop")) : null;
  const wrong = trouble ? h("p", { class: "wrong small" }, t("talk.notSent", { reason: trouble }), " ", away) : null;
  return h("li", { class: isMine ? "said mine" : "said" }, h("p", { class: "small" }, h("strong", {}, who), " ", when), h("p", { class: "said-text" }, text), state ? h("p", { class: "small quiet" }, state) : null, wrong);
}
