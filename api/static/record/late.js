// Answers that came after the end: how late each came, and the way to let it count.

import { announce } from "../core/announce.js";
import { confirmed } from "../core/dialog.js";
import { h } from "../core/dom.js";
import { get, post } from "../core/http.js";
import { secondsOf } from "../core/iso.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { duration, shortDateTime } from "../core/time.js";
import { table } from "./table.js";

/** @typedef {{ question_id: string, epoch: number, revision: number, value: any, received_at: string, late_by: string | null, accepted_at: string | null, reason: string }} Late */

/** @param {string} attempt @param {boolean} isOpen whether they may be accepted now @param {() => void} again */
export async function lateAnswers(attempt, isOpen, again) {
  const path = `/api/corrections/attempts/${attempt}/late-answers`;
  const found = /** @type {Late[]} */ (await get(path));
  if (!found.length) return null;
  const questions = [...new Set(found.map((one) => one.question_id))];
  const rows = found.map((one) => [
    t("act.lateAnswer", { number: questions.indexOf(one.question_id) + 1 }),
    said(one.value),
    shortDateTime(one.received_at),
    one.late_by ? duration(secondsOf(one.late_by)) : "–",
    one.accepted_at ? [status("good", t("act.lateAccepted")), h("div", { class: "quiet small" }, one.reason)] : isOpen && accept(path, one, again),
  ]);
  const heads = ["question", "answer", "arrived", "late", "state"].map((name) => t(`act.lateHead.${name}`));
  return h("section", {}, h("h2", {}, t("act.lateTitle")), h("p", {}, t("act.lateText")), table(t("act.lateTitle"), heads, rows));
}

/** @param {string} path @param {Late} late @param {() => void} again */
function accept(path, late, again) {
  const ask = async () => {
    const isDone = await confirmed({
      title: t("act.accept_late.ask", { count: 1 }),
      text: t("act.accept_late.means"),
      confirm: t("act.accept_late.button"),
      fields: [{ name: "reason", label: t("act.reason"), hint: t("act.reasonHint"), type: "textarea", more: { maxLength: 4_000 } }],
      act: async ({ reason }) => void (await post(`${path}/${late.question_id}/accept`, { epoch: late.epoch, revision: late.revision, reason })),
    });
    if (!isDone) return;
    announce(t("act.accept_late.done"));
    again();
  };
  return h("button", { type: "button", onClick: () => void ask() }, t("act.accept_late.button"));
}

/** @param {any} value */
function said(value) {
  if (value === null) return t("act.lateTaken");
  if (value.kind === "choice") return value.chosen.join(", ");
  return String(value.text ?? value.value);
}
