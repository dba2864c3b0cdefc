// How each of several attempts acknowledged an act: a list that fills, may be closed, and opened again.

import { announce } from "../core/announce.js";
import { fill, freshId, h } from "../core/dom.js";
import { Problem } from "../core/http.js";
import { secondsOf } from "../core/iso.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { duration } from "../core/time.js";
import { inWords } from "../core/trouble.js";

/** @typedef {{ attempt_id: string, student_name: string }} Subject */
/** @typedef {"waiting" | "done" | "refused" | "unanswered"} State */

export class Progress {
  /** @param {string} title what is done @param {Subject[]} subjects */
  constructor(title, subjects) {
    this.title = title;
    this.isOver = false;
    /** @type {Map<string, State>} */
    this.states = new Map(subjects.map((each) => [each.attempt_id, "waiting"]));
    this.words = new Map(subjects.map((each) => [each.attempt_id, h("span", {}, answer("waiting"))]));
    const id = freshId();
    const rows = subjects.map((each) => h("li", { class: "row" }, h("span", {}, each.student_name), this.words.get(each.attempt_id)));
    this.sum = h("p", { role: "status" });
    this.bar = h("progress", { max: subjects.length, value: 0, "aria-hidden": "true" });
    this.shut = h("button", { type: "button", onClick: () => this.dialog.close() }, t("wall.close"));
    this.dialog = h("dialog", { "aria-labelledby": id }, h("h2", { id }, title), h("div", { hidden: subjects.length < 2 }, this.bar, this.sum), h("ul", { class: "rows" }, rows), h("div", { class: "actions" }, this.shut));
    this.chip = h("button", { type: "button", class: "chip", onClick: () => this.open() });
    this.closed = new Promise((resolve) => this.dialog.addEventListener("close", resolve));
    document.body.append(this.dialog);
    this.count();
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** @param {string} attempt @param {State} state @param {unknown} [why] of a refusal */
  tell(attempt, state, why) {
    if (this.states.get(attempt) === state) return;
    this.states.set(attempt, state);
    const place = this.words.get(attempt);
    if (place) fill(place, answer(state, why));
    this.count();
  }

  /** What keeps the answers from coming. @param {unknown} error */
  trouble(error) {
    this.sum.textContent = inWords(error);
  }

  /** Nobody who has not answered yet will. @param {unknown} error */
  fail(error) {
    for (const [attempt, state] of this.states) if (state === "waiting") this.tell(attempt, "refused", error);
  }

  /** Every answer is there. */
  end() {
    this.isOver = true;
    this.count();
    if (this.dialog.open) this.shut.focus();
    else announce(this.chip.textContent ?? "");
  }

  count() {
    const states = [...this.states.values()];
    const done = states.filter((state) => state === "done").length;
    const failed = states.filter((state) => state === "refused" || state === "unanswered").length;
    this.bar.value = done + failed;
    this.sum.textContent = t(failed ? "wall.progressFailed" : "wall.progress", { done, count: failed, total: states.length });
    this.chip.textContent = t("wall.progressChip", { what: this.title, words: this.sum.textContent });
  }

  /** Let go of it: a newer one takes its place. */
  remove() {
    this.dialog.close();
    this.dialog.remove();
    this.chip.remove();
  }
}

/** @param {State} state @param {unknown} [why] */
function answer(state, why) {
  if (state === "done") return why ? status("medium", less(why)) : status("good", t("wall.acknowledged"));
  if (state === "refused") return status("critical", refusal(why));
  if (state === "unanswered") return status("medium", t("wall.unanswered"));
  return status("waiting", t("wall.waiting"));
}

/** Less time was added than was asked for. @param {any} why of one attempt the time given, of many the reason in words */
function less(why) {
  if (!why.asked) return t("wall.lessAdded");
  return t("act.less", { added: duration(secondsOf(why.added)), asked: duration(secondsOf(why.asked)) });
}

/** @param {unknown} why */
function refusal(why) {
  if (why instanceof Problem && why.type === "illegal_move") return t("wall.notNow");
  if (why instanceof Problem && why.type === "conflict") return t("wall.isOver");
  if (why instanceof Problem && why.type === "deadline_passed") return t("wall.neverAsked");
  return inWords(why);
}
