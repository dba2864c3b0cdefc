// Writing one question: its fields on one side, on the other how a student sees it, as one types.

import { fill, h } from "../core/dom.js";
import { post, Problem, put } from "../core/http.js";
import { t } from "../core/text.js";
import { inWords } from "../core/trouble.js";
import { questionForm } from "../room/question.js";
import { choice, clear, complain, number, text } from "./field.js";
import { BEGINNINGS, fieldsOf, KINDS, remarks } from "./kind.js";

const PAUSE = 400; // milliseconds after the last key, before the preview is asked for

/**
 * Opens a dialog; resolves once it is closed.
 * @param {any | null} present the question, or null for a new one
 * @param {(question: any) => Promise<void>} keep stores it; its problems show in the dialog
 * @returns {Promise<void>}
 */
export function editQuestion(present, keep) {
  return new Promise((resolve) => {
    const question = present ?? { kind: "single_choice", text: "", points: "1", ...BEGINNINGS.single_choice() };
    const desk = new Desk(question, present === null, keep);
    desk.dialog.addEventListener("close", () => {
      desk.dialog.remove();
      resolve();
    });
    document.body.append(desk.dialog);
    desk.dialog.showModal();
    desk.look();
  });
}

class Desk {
  /** @param {any} question @param {boolean} isNew @param {(question: any) => Promise<void>} keep */
  constructor(question, isNew, keep) {
    this.question = question;
    this.keep = keep;
    this.special = h("div", {});
    this.preview = h("div", { class: "preview" });
    this.wrong = h("div", { role: "alert" });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.turn = 0;
    const soon = () => this.soon();
    this.kind = choice(t("authoring.editor.kind"), "/question/kind", question.kind, KINDS.map((kind) => [kind, t(`authoring.kind.${kind}`)]));
    this.text = text(t("authoring.editor.text"), "/question/text", question.text, t("authoring.editor.markdown"), 4);
    this.points = number(t("authoring.editor.points"), "/question/points", question.points);
    this.remarks = remarks(question);
    this.kind.control.disabled = !isNew;
    this.kind.control.addEventListener("change", () => this.turnInto(this.kind.value()));
    this.fields = this.fieldsFor(question);
    const cancel = h("button", { type: "button", onClick: () => this.dialog.close() }, t("shared.cancel"));
    const save = h("button", { type: "submit", class: "primary" }, t("authoring.editor.save"));
    const form = h("form", { noValidate: true, onInput: soon, onChange: soon, onSubmit: (/** @type {Event} */ event) => this.submit(event, save) },
      this.wrong, this.kind.element, this.text.element, this.special, this.points.element, this.remarks.element, h("div", { class: "actions" }, save, cancel));
    const shown = h("section", { "aria-label": t("authoring.editor.preview") }, h("h3", {}, t("authoring.editor.preview")), this.preview);
    const heading = h("h2", { id: "editor-title" }, t(isNew ? "authoring.editor.new" : "authoring.editor.edit"));
    this.form = form;
    this.dialog = h("dialog", { class: "editor", "aria-labelledby": "editor-title" }, heading, h("div", { class: "editor-panes" }, form, shown));
  }

  /** @param {any} question */
  fieldsFor(question) {
    const made = fieldsOf(question, () => this.soon());
    fill(this.special, made.element);
    this.points.element.hidden = question.kind === "essay"; // the criteria's points are the question's
    return made;
  }

  /** @param {string} kind */
  turnInto(kind) {
    this.question = { ...this.question, kind, ...BEGINNINGS[kind]() };
    this.fields = this.fieldsFor(this.question);
    this.look();
  }

  /** The question as it is typed now. */
  value() {
    const { question_id: id } = this.question;
    const shared = { kind: this.kind.value(), text: this.text.value(), points: this.points.value(), ...this.remarks.value() };
    return { ...(id ? { question_id: id } : {}), ...shared, ...this.fields.value() };
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  /** Ask for the preview; what is not finished is said there quietly, not as an error. */
  async look() {
    const turn = (this.turn += 1);
    try {
      const view = await put("/api/reservations/questions/preview", { question: this.value() });
      if (turn !== this.turn) return;
      fill(this.preview, view ? questionForm(view, 1, null, () => undefined) : h("p", { class: "quiet" }, t("authoring.editor.unfinished")));
    } catch (error) {
      if (turn === this.turn) fill(this.preview, h("p", { class: "quiet" }, inWords(error)));
    }
  }

  /** @param {Event} event @param {HTMLButtonElement} save */
  async submit(event, save) {
    event.preventDefault();
    if (save.getAttribute("aria-disabled")) return;
    clear(this.form);
    fill(this.wrong);
    save.setAttribute("aria-disabled", "true"); // a disabled button would let go of the focus
    try {
      const question = this.value();
      await post("/api/reservations/questions/preview", { question });
      await this.keep(question);
      this.dialog.close();
    } catch (error) {
      this.refuse(error);
    } finally {
      save.removeAttribute("aria-disabled");
    }
  }

  /** @param {unknown} error */
  refuse(error) {
    const problems = error instanceof Problem ? error.fields : [];
    const homeless = complain(this.form, problems);
    const words = problems.length ? homeless : [inWords(error)];
    if (words.length) fill(this.wrong, h("p", { class: "notice critical" }, words.join(" ")));
    /** @type {HTMLElement | null} */ (this.form.querySelector("[aria-invalid=true]"))?.focus();
  }
}
