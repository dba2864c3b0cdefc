// The student's raised hand: one button, and its state in words.

import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { hourAndMinute } from "../core/time.js";
import { sign } from "./sign.js";

/** @typedef {import("./conversation.js").Standing} Standing */

export class Hand {
  /** @param {(raised: boolean) => void} moved */
  constructor(moved) {
    this.isUp = false;
    this.shown = "";
    this.button = h("button", { type: "button", onClick: () => moved(!this.isUp) });
    this.words = h("span", { class: "small" });
    this.element = h("div", { class: "hand" }, this.button, this.words);
  }

  /**
   * @param {Standing | null} standing
   * @param {boolean | null} wish what the server does not know yet
   * @param {boolean} isReached
   * @returns {string} what changed, in words; empty when nothing did
   */
  show(standing, wish, isReached) {
    this.isUp = wish ?? Boolean(standing?.hand_raised_at);
    this.element.hidden = standing?.is_open === false;
    const words = state(standing, wish, isReached);
    const key = `${this.isUp}${words}`;
    if (key === this.shown) return "";
    const isFirst = !this.shown;
    this.shown = key;
    this.button.setAttribute("aria-pressed", String(this.isUp));
    fill(this.button, sign("hand"), t(this.isUp ? "talk.hand.lower" : "talk.hand.raise"));
    fill(this.words, words);
    return isFirst ? "" : words;
  }
}

/** @param {Standing | null} standing @param {boolean | null} wish @param {boolean} isReached */
function state(standing, wish, isReached) {
  if (wish !== null && !isReached) return t(wish ? "talk.hand.willRise" : "talk.hand.willLower");
  if (standing?.hand_raised_at) return t("talk.hand.up", { time: hourAndMinute(standing.hand_raised_at) });
  if (standing?.hand_lowered_by === "proctor" && standing.hand_lowered_at) return t("talk.hand.lowered", { time: hourAndMinute(standing.hand_lowered_at) });
  return "";
}
