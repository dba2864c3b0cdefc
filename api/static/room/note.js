// Notes to the person in the room: what happened, said kindly and at once, never over an answer.

import { announce } from "../core/announce.js";
import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { inWords } from "../core/trouble.js";

/** What the browser notices, as far as the person should know. */
const SAID = new Set(["tab_visible", "fullscreen_exit", "focus_gained", "paste"]);

const CLICK = 300; // milliseconds

export class Notes {
  constructor() {
    this.place = h("div", { class: "notes" });
    /** @type {Map<string, HTMLElement>} */
    this.shown = new Map();
  }

  /**
   * A note that stays until it is put away.
   * @param {string} key
   * @param {string} text
   * @param {string} [tone]
   * @param {{ words: string, act: () => void }} [step] what the person can do about it
   */
  tell(key, text, tone = "medium", step) {
    this.withdraw(key);
    const away = h("button", { type: "button", class: "link", onClick: () => this.withdraw(key) }, t("room.understood"));
    const go = step && h("button", { type: "button", onClick: step.act }, step.words);
    const note = h("div", { class: `notice ${tone}` }, h("p", {}, text), h("div", { class: "actions" }, go, away));
    this.shown.set(key, note);
    this.place.append(note);
    announce(text);
  }

  /** The same, said once while it lasts. @param {string} key @param {string} text */
  keep(key, text) {
    if (!this.shown.has(key)) this.tell(key, text);
  }

  /**
   * How the server took an answer, where the person should know more than the bar says.
   * @param {string} question @param {import("./saver.js").Standing} standing @param {import("../core/http.js").Problem} [problem]
   */
  standing(question, standing, problem) {
    if (standing === "late") this.tell("late", t("room.late"));
    if (standing === "refused" && problem) this.tell(`refused-${question}`, inWords(problem), "critical");
    if (problem?.status === 401) this.tell("session", t("room.signedOut"), "critical");
    if (standing !== "saved") return;
    this.withdraw("session");
    this.withdraw(`refused-${question}`);
  }

  /** @param {string} key */
  withdraw(key) {
    this.shown.get(key)?.remove();
    this.shown.delete(key);
  }

  /** @param {string} kind a browser event */
  happened(kind) {
    // Not in the middle of the click that brings a person back: what it was meant for must not move away under it.
    if (SAID.has(kind)) setTimeout(() => this.tell(kind, t(`room.happened.${kind}`)), CLICK);
  }
}
