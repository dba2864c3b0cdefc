// How far the deciding is: a bar with its words.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { both } from "../core/time.js";

/** @param {{ free: number, mine: number, colleagues: number, decided: number, next_due: string | null }} count */
export function progress({ free, mine, colleagues, decided, next_due: due }) {
  const total = free + mine + colleagues + decided;
  if (!total) return null;
  const words = t("review.progress.text", { decided, count: total, free, mine, colleagues });
  const bar = h("progress", { max: total, value: decided, "aria-label": t("review.progress.label") });
  return h("div", { class: "progress" }, bar, h("p", {}, words, " ", due ? t("review.progress.due", { when: both(due) }) : null));
}
