// Why no seat can be booked: the last sitting, what stands in the way, and the way to it.

import { h } from "../core/dom.js";
import { Problem } from "../core/http.js";
import { t } from "../core/text.js";
import { dateTime } from "../core/time.js";
import { inWords } from "../core/trouble.js";

/** @typedef {{ attempt_id: string, phase: string, started_at: string | null, submitted_at: string | null, uses_one_up: boolean, counts: boolean | null }} Sitting */
/** @typedef {{ exam_id: string, used: number, left: number, attempts_allowed: number, attempts: Sitting[] }} Sittings */

/** The last sitting, after which none is left. @param {string} exam @param {Sitting} last */
export function usedUp(exam, last) {
  return notice(exam, last.attempt_id, last.phase, last.submitted_at ?? last.started_at);
}

/** Why a seat was refused, with the way to what stands in its way. @param {unknown} error */
export function refusal(error) {
  if (!(error instanceof Problem)) return h("p", { class: "notice medium" }, inWords(error));
  const told = error.document;
  if (error.type === "sittings_used_up") return notice(told.exam_title, told.attempt_id, told.phase, told.handed_in_at ?? told.slot_starts_at);
  if (error.type === "too_many_holds") return h("p", { class: "notice medium" }, t("booking.hoarding", { when: dateTime(told.reserve_again_at) }));
  const link = told.attempt_id ? h("a", { href: `/attempts/${told.attempt_id}` }, t("booking.present")) : null;
  return h("p", { class: "notice medium" }, inWords(error), " ", link);
}

/** @param {string} exam @param {string} id @param {string} phase @param {string | null} at */
function notice(exam, id, phase, at) {
  const isKnown = ["submitted", "no_show", "voided", "terminated"].includes(phase) && at;
  const words = isKnown ? t(`booking.usedUp.${phase}`, { exam, when: dateTime(at) }) : t("booking.usedUp.begun", { exam });
  return h("p", { class: "notice medium" }, words, " ", t("booking.ask"), " ", h("a", { href: `/attempts/${id}` }, t("booking.past")));
}
