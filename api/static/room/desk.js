// The desk: questions one by one or all on one page, as the student likes, and the review before handing in.

import { announce } from "../core/announce.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { lookOnceMore } from "../question/typing.js";
import { keyBar, listenToKeys } from "./keys.js";
import { isAnswered, questionForm } from "./question.js";
import { questionList, reviewStep } from "./question-list.js";

/** @typedef {import("./question.js").Question} Question */

/**
 * @typedef {object} Plan
 * @property {string} attempt
 * @property {{ title: string, questions: Question[] }[]} sections
 * @property {import("./answer-book.js").AnswerBook} book
 * @property {(places: number[]) => void} notTaken hears at each change which questions are not saved as they stand
 * @property {(questionId: string, value: any, seconds: number, typed?: string | null) => void} changed
 * @property {() => void} submit asked for in the review
 */

const LOOK = 1_000; // milliseconds between two looks at fields that were filled in without a word
const VIEW = "pw-room-view"; // how the person likes it, not what they wrote

export class Desk {
  /** @param {Plan} plan */
  constructor(plan) {
    this.plan = plan;
    this.questions = plan.sections.flatMap((section) => section.questions);
    this.titles = plan.sections.flatMap((section) => section.questions.map((_, place) => (place ? "" : section.title)));
    this.flagged = new Set(JSON.parse(localStorage.getItem(this.flagKey) ?? "[]"));
    this.isWhole = localStorage.getItem(VIEW) === "all";
    this.place = 0;
    this.openedAt = performance.now();
    this.list = h("nav", { class: "questions", "aria-label": t("room.questions") });
    this.sheet = h("div", {});
    this.view = h("button", { type: "button", class: "link", onClick: () => this.change() });
    this.middle = h("div", { class: "desk" }, h("div", { class: "desk-bar" }, this.view, keyBar()), this.sheet);
    this.sheet.addEventListener("focusin", ({ target }) => this.attend(target));
    listenToKeys(this);
    setInterval(() => this.collect(), LOOK);
    this.open(0, false);
  }

  get flagKey() {
    return `pw-flags-${this.plan.attempt}`;
  }

  /** @param {number} place */
  isFlagged(place) {
    return this.flagged.has(this.questions[place].question_id);
  }

  /** @param {number} place */
  isAnswered(place) {
    return isAnswered(this.plan.book.valueOf(this.questions[place].question_id));
  }

  /** @param {number} place @param {boolean} [takesFocus] */
  open(place, takesFocus = true) {
    const from = this.place;
    this.place = Math.max(0, Math.min(place, this.questions.length));
    this.openedAt = performance.now();
    const isReview = this.place === this.questions.length;
    // On one page the questions stand as they are, so that nobody loses a place in what they write.
    const stands = this.isWhole && !isReview && from < this.questions.length && this.sheet.querySelector(".whole");
    if (!stands) fill(this.sheet, isReview ? reviewStep(this) : this.isWhole ? this.all() : this.one());
    this.view.textContent = t(this.isWhole ? "room.oneByOne" : "room.allOnOnePage");
    this.view.hidden = isReview;
    this.showList();
    if (takesFocus) this.heading()?.focus();
  }

  /** What the server had newer is shown where it is open. */
  renew() {
    fill(this.sheet);
    this.open(this.place, false);
  }

  /** One by one, or all on one page: remembered for the next time. */
  change() {
    this.isWhole = !this.isWhole;
    localStorage.setItem(VIEW, this.isWhole ? "all" : "one");
    this.open(this.place);
    announce(t(this.isWhole ? "room.nowAll" : "room.nowOne"));
  }

  heading() {
    const number = this.isWhole && this.place < this.questions.length ? this.place : 0;
    return this.sheet.querySelectorAll("h2").item(number);
  }

  one() {
    const back = h("button", { type: "button", disabled: this.place === 0, onClick: () => this.open(this.place - 1) }, t("room.back"));
    const isLast = this.place === this.questions.length - 1;
    const next = h("button", { type: "button", class: "primary", onClick: () => this.open(this.place + 1) }, t(isLast ? "room.review" : "room.next"));
    return [this.form(this.place), h("div", { class: "actions" }, back, this.flagButton(this.place), next)];
  }

  all() {
    const forms = this.questions.map((_, place) => h("div", { class: "whole", data: { place } }, this.form(place, `-${place + 1}`), h("div", { class: "actions" }, this.flagButton(place))));
    const review = h("button", { type: "button", class: "primary", onClick: () => this.open(this.questions.length) }, t("room.review"));
    return [...forms, h("div", { class: "actions" }, review)];
  }

  /** @param {number} place @param {string} [mark] */
  form(place, mark = "") {
    const question = this.questions[place];
    const { question_id: id } = question;
    const form = questionForm(question, place + 1, this.plan.book.valueOf(id), (value, typed) => this.answered(place, value, typed), mark, this.plan.book.typedOf(id));
    if (this.titles[place]) form.prepend(h("p", { class: "section-title quiet" }, this.titles[place]));
    return form;
  }

  /** The questions that are not saved as they stand. */
  notTaken() {
    return this.questions.map((_, place) => place).filter((place) => this.isNotTaken(place));
  }

  /** Whether what stands in the field is no answer as it is, or was refused. @param {number} place */
  isNotTaken(place) {
    const id = this.questions[place].question_id;
    if (this.plan.book.isRefused(id)) return true;
    return this.plan.book.typedOf(id) !== null && !(this.questions[place].kind === "numeric" && this.plan.book.valueOf(id));
  }

  /** Whatever stands in a field and was not told is told. */
  collect() {
    lookOnceMore(this.sheet);
  }

  /** @param {number} place @param {any} value @param {string | null} [typed] */
  answered(place, value, typed) {
    if (place !== this.place) this.attendTo(place);
    const now = performance.now();
    this.plan.changed(this.questions[place].question_id, value, Math.round((now - this.openedAt) / 1000), typed);
    this.openedAt = now;
    this.showList();
  }

  /** @param {number} place */
  flagButton(place) {
    return h("button", { type: "button", "aria-pressed": String(this.isFlagged(place)), data: { flag: place }, onClick: () => this.flag(place) }, t("room.flag"));
  }

  /** @param {number} [place] */
  flag(place = this.place) {
    const id = this.questions[place].question_id;
    if (!this.flagged.delete(id)) this.flagged.add(id);
    localStorage.setItem(this.flagKey, JSON.stringify([...this.flagged]));
    this.sheet.querySelector(`[data-flag="${place}"]`)?.setAttribute("aria-pressed", String(this.flagged.has(id)));
    announce(t(this.flagged.has(id) ? "room.flagged" : "room.unflagged"));
    this.showList();
  }

  /** On one page the question that has the focus is the current one. @param {EventTarget | null} target */
  attend(target) {
    const whole = target instanceof Element ? target.closest(".whole") : null;
    if (whole instanceof HTMLElement && Number(whole.dataset.place) !== this.place) this.attendTo(Number(whole.dataset.place));
  }

  /** @param {number} place */
  attendTo(place) {
    this.place = place;
    this.openedAt = performance.now();
    this.showList();
  }

  /** Choose an option of the current question. @param {number} number from 1 */
  choose(number) {
    const place = this.isWhole ? this.sheet.querySelector(`[data-place="${this.place}"]`) : this.sheet;
    const option = place?.querySelectorAll("input.choice").item(number - 1);
    if (option instanceof HTMLInputElement) option.click();
    return option instanceof HTMLInputElement;
  }

  showList() {
    const focused = document.activeElement instanceof HTMLElement && this.list.contains(document.activeElement);
    fill(this.list, questionList(this));
    this.plan.notTaken(this.notTaken());
    if (focused) /** @type {HTMLElement | null} */ (this.list.querySelector("[aria-current]"))?.focus();
  }
}
