// What somebody has typed into a review and not sent yet: kept on this device, gone once it is decided or given back.

import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";

export class ReviewDraft {
  /** @param {string} review @param {HTMLElement} said where it says that it is kept */
  constructor(review, said) {
    this.key = keyOf(review);
    this.said = said;
    /** @type {Record<string, any>} */
    this.values = JSON.parse(localStorage.getItem(this.key) ?? "{}");
  }

  /** @param {Record<string, any>} values */
  keep(values) {
    this.values = values;
    localStorage.setItem(this.key, JSON.stringify(values));
    this.said.textContent = t("review.kept", { time: clockTime(new Date()) });
  }

  drop() {
    localStorage.removeItem(this.key);
  }

  /** Delete what is kept of a review here. @param {string} review */
  static forget(review) {
    localStorage.removeItem(keyOf(review));
  }
}

/** @param {string} review */
function keyOf(review) {
  return `pw-marks-${review}`;
}
