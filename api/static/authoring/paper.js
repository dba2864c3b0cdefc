// The sections of an exam and their questions: written, moved, removed; each change is a version that can be taken back.

import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { refusalNotice } from "../core/trouble.js";
import { editQuestion } from "./editor.js";

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./draft.js").Section} Section */

/**
 * @param {Draft} draft
 * @param {(taken?: { words: string, back: Section[] }) => void} saved loads the exam again; `taken` can be put back
 */
export function paperSection(draft, saved) {
  const { sections } = draft.exam;
  const count = sections.reduce((sum, section) => sum + section.questions.length, 0);
  const trouble = h("div", { role: "alert" });
  const desk = new Paper(draft, saved, trouble);
  let number = 0;
  const parts = sections.map((section, place) => {
    const part = desk.section(section, place, number);
    number += section.questions.length;
    return part;
  });
  const add = h("button", { type: "button", onClick: () => desk.addSection() }, t("authoring.paper.addSection"));
  const empty = count ? null : h("p", { class: "notice" }, t("authoring.noQuestions"));
  return h("section", {}, h("h2", { id: "questions", tabIndex: -1 }, t("authoring.questions", { count })), trouble, empty, parts, h("div", { class: "actions" }, add));
}

class Paper {
  /** @param {Draft} draft @param {(taken?: { words: string, back: Section[] }) => void} saved @param {HTMLElement} trouble */
  constructor(draft, saved, trouble) {
    this.draft = draft;
    this.saved = saved;
    this.trouble = trouble;
    this.sections = draft.exam.sections;
  }

  /** @param {Section} section @param {number} place @param {number} before questions in the sections before it */
  section(section, place, before) {
    const title = section.title || t("authoring.paper.section", { number: place + 1 });
    const rows = section.questions.map((_, row) => this.row(place, row, before + row));
    const act = (/** @type {string} */ word, /** @type {() => void} */ done, disabled = false) =>
      h("button", { type: "button", class: "link", disabled, "aria-label": t("authoring.paper.of", { act: t(`authoring.paper.${word}`), what: title }), data: { stop: `${word} ${section.section_id}` }, onClick: done }, t(`authoring.paper.${word}`));
    const acts = h("div", { class: "row-actions" },
      act("rename", () => this.rename(place)),
      act("up", () => this.store(moved(this.sections, place, -1)), place === 0),
      act("down", () => this.store(moved(this.sections, place, 1)), place === this.sections.length - 1),
      act("remove", () => this.take(this.sections.filter((_, other) => other !== place), t("authoring.paper.removed", { what: title }))));
    const add = h("button", { type: "button", "aria-label": t("authoring.paper.of", { act: t("authoring.paper.addQuestion"), what: title }), onClick: () => this.write(place, null) }, t("authoring.paper.addQuestion"));
    return h("section", { class: "part" }, h("div", { class: "row" }, h("h3", {}, title), acts), h("ol", { class: "rows", start: before + 1 }, rows), add);
  }

  /** @param {number} place @param {number} row @param {number} number */
  row(place, row, number) {
    const { questions } = this.sections[place];
    const question = questions[row];
    const name = `${number + 1}. ${question.title || question.text.slice(0, 80)}`;
    const act = (/** @type {string} */ word, /** @type {() => void} */ done, disabled = false) =>
      h("button", { type: "button", class: "link", disabled, "aria-label": t("authoring.paper.of", { act: t(`authoring.paper.${word}`), what: name }), data: { stop: `${word} ${question.question_id}` }, onClick: done }, t(`authoring.paper.${word}`));
    return h("li", { class: "row" },
      h("div", {}, name, h("p", { class: "quiet small" }, t(`authoring.kind.${question.kind}`), ", ", t("authoring.points", { points: question.points, count: Number(question.points) }))),
      h("div", { class: "row-actions" },
        act("edit", () => this.write(place, row)),
        act("up", () => this.store(this.with(place, moved(questions, row, -1))), row === 0),
        act("down", () => this.store(this.with(place, moved(questions, row, 1))), row === questions.length - 1),
        act("remove", () => this.take(this.with(place, questions.filter((_, other) => other !== row)), t("authoring.paper.removed", { what: name })))));
  }

  /** @param {number} place @param {any[]} questions @returns {Section[]} */
  with(place, questions) {
    return this.sections.map((section, other) => (other === place ? { ...section, questions } : section));
  }

  /** @param {number} place @param {number | null} row null for a new one */
  async write(place, row) {
    const { questions } = this.sections[place];
    let isKept = false;
    await editQuestion(row === null ? null : questions[row], async (question) => {
      const changed = row === null ? [...questions, question] : questions.map((each, other) => (other === row ? question : each));
      await this.draft.save({ sections: this.with(place, changed) });
      isKept = true;
    });
    if (isKept) this.saved();
  }

  async addSection() {
    await this.named(t("authoring.paper.addSection"), "", (title) => [...this.sections, /** @type {any} */ ({ title, questions: [] })]);
  }

  /** @param {number} place */
  async rename(place) {
    const { title } = this.sections[place];
    await this.named(t("authoring.paper.rename"), title, (name) => this.sections.map((section, other) => (other === place ? { ...section, title: name } : section)));
  }

  /** @param {string} act @param {string} value @param {(title: string) => Section[]} change */
  async named(act, value, change) {
    const isDone = await confirmed({
      title: act,
      confirm: act,
      fields: [{ name: "title", label: t("authoring.gift.section"), value }],
      act: async ({ title }) => this.draft.save({ sections: change(title) }),
    });
    if (isDone) this.saved();
  }

  /** @param {Section[]} sections @param {string} words */
  take(sections, words) {
    return this.store(sections, { words, back: this.sections });
  }

  /** @param {Section[]} sections @param {{ words: string, back: Section[] }} [taken] */
  async store(sections, taken) {
    try {
      await this.draft.save({ sections });
      this.saved(taken);
    } catch (error) {
      fill(this.trouble, refusalNotice(error));
    }
  }
}

/** The list with one of it a place up or down. @template T @param {T[]} list @param {number} place @param {number} by @returns {T[]} */
function moved(list, place, by) {
  const changed = [...list];
  [changed[place], changed[place + by]] = [changed[place + by], changed[place]];
  return changed;
}
