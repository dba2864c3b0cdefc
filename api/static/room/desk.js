// The desk: the list of questions, the one that is open, and the review before handing in.

import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { announce } from "../core/announce.js";
import { isAnswered, questionForm } from "./question.js";

/** @typedef {import("./question.js").Question} Question */

/**
 * @typedef {object} Plan
 * @property {string} attempt
 * @property {{ title: string, questions: Question[] }[]} sections
 * @property {(questionId: string) => any} valueOf
 * @property {(questionId: string, value: any, seconds: number) => void} changed
 * @property {() => void} submit asked for in the review
 */

export class Desk {
  /** @param {Plan} plan */
  constructor(plan) {
    this.plan = plan;
    this.questions = plan.sections.flatMap((section) => section.questions);
    this.flagged = new Set(JSON.parse(localStorage.getItem(this.flagKey) ?? "[]"));
    this.place = 0;
    this.openedAt = performance.now();
    this.list = h("nav", { class: "questions", "aria-label": t("room.questions") });
    this.middle = h("div", { class: "desk" });
    addEventListener("keydown", (event) => this.key(event));
    this.open(0, false);
  }

  get flagKey() {
    return `pw-flags-${this.plan.attempt}`;
  }

  /** @param {number} place @param {boolean} [takesFocus] */
  open(place, takesFocus = true) {
    this.place = Math.max(0, Math.min(place, this.questions.length));
    this.openedAt = performance.now();
    if (this.place === this.questions.length) this.showReview();
    else this.showQuestion();
    this.showList();
    if (takesFocus) this.middle.querySelector("h2")?.focus();
  }

  showQuestion() {
    const question = this.questions[this.place];
    const form = questionForm(question, this.place + 1, this.plan.valueOf(question.question_id), (value) => {
      const now = performance.now();
      this.plan.changed(question.question_id, value, Math.round((now - this.openedAt) / 1000));
      this.openedAt = now;
      this.showList();
    });
    const isLast = this.place === this.questions.length - 1;
    const back = h("button", { type: "button", disabled: this.place === 0, onClick: () => this.open(this.place - 1) }, t("room.back"));
    const flag = h("button", { type: "button", "aria-pressed": String(this.flagged.has(question.question_id)), onClick: () => this.flag() }, t("room.flag"));
    const next = h("button", { type: "button", class: "primary", onClick: () => this.open(this.place + 1) }, t(isLast ? "room.review" : "room.next"));
    fill(this.middle, form, h("div", { class: "actions" }, back, flag, next));
  }

  flag() {
    const id = this.questions[this.place].question_id;
    if (!this.flagged.delete(id)) this.flagged.add(id);
    localStorage.setItem(this.flagKey, JSON.stringify([...this.flagged]));
    this.middle.querySelector("[aria-pressed]")?.setAttribute("aria-pressed", String(this.flagged.has(id)));
    announce(t(this.flagged.has(id) ? "room.flagged" : "room.unflagged"));
    this.showList();
  }

  showList() {
    const items = this.questions.map((question, place) => {
      const words = this.wordsOf(question);
      const label = t("room.item", { number: place + 1, state: words.join(", ") });
      const sign = this.flagged.has(question.question_id) ? "⚑" : isAnswered(this.plan.valueOf(question.question_id)) ? "✓" : "";
      const current = place === this.place ? "step" : null;
      return h("li", {}, h("button", { type: "button", "aria-label": label, "aria-current": current, onClick: () => this.open(place) }, place + 1, " ", h("span", { "aria-hidden": "true" }, sign)));
    });
    const answered = this.questions.filter((each) => isAnswered(this.plan.valueOf(each.question_id))).length;
    const progress = t("room.progress", { answered, count: this.questions.length });
    const review = h("button", { type: "button", "aria-current": this.place === this.questions.length ? "step" : null, onClick: () => this.open(this.questions.length) }, t("room.review"));
    const focused = document.activeElement instanceof HTMLElement && this.list.contains(document.activeElement);
    fill(this.list, h("p", { class: "small" }, progress), h("ol", {}, items), review);
    if (focused) /** @type {HTMLElement | null} */ (this.list.querySelector("[aria-current]"))?.focus();
  }

  showReview() {
    const open = this.questions.filter((each) => !isAnswered(this.plan.valueOf(each.question_id)));
    const rows = this.questions.map((question, place) => {
      const words = this.wordsOf(question).join(", ");
      return h("li", { class: "row" }, h("button", { type: "button", class: "link", onClick: () => this.open(place) }, t("room.questionNumber", { number: place + 1 })), h("span", {}, words));
    });
    const lead = open.length ? h("p", { class: "notice medium" }, t("room.unanswered", { count: open.length })) : h("p", { class: "notice good" }, t("room.allAnswered"));
    const back = h("button", { type: "button", onClick: () => this.open(this.questions.length - 1) }, t("room.back"));
    const submit = h("button", { type: "button", class: "primary", onClick: this.plan.submit }, t("room.submit"));
    fill(this.middle, h("h2", { tabIndex: -1 }, t("room.review")), lead, h("ol", { class: "rows" }, rows), h("div", { class: "actions" }, back, submit));
  }

  /** @param {Question} question @returns {string[]} */
  wordsOf(question) {
    const words = [t(isAnswered(this.plan.valueOf(question.question_id)) ? "room.answered" : "room.notAnswered")];
    return this.flagged.has(question.question_id) ? [...words, t("room.flagged")] : words;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    const isTyping = target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || target.closest("dialog")) return;
    const isChoice = target.matches("input[type=radio]");
    if (event.key === "ArrowRight" && !isChoice) this.open(this.place + 1);
    else if (event.key === "ArrowLeft" && !isChoice) this.open(this.place - 1);
    else if (event.key.toLowerCase() === "f" && this.place < this.questions.length) this.flag();
    else if (/^[1-9]$/.test(event.key)) this.middle.querySelectorAll("input[name=option]").item(Number(event.key) - 1)?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    else return;
    event.preventDefault();
  }
}
