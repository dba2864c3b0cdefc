// What may still be done to attempts: one from its record, several from a search, each acknowledgement shown.

import { announce } from "../core/announce.js";
import { confirmed } from "../core/dialog.js";
import { h } from "../core/dom.js";
import { get, post } from "../core/http.js";
import { minutesAsIso, secondsOf } from "../core/iso.js";
import { t } from "../core/text.js";
import { duration } from "../core/time.js";
import { operate } from "../wall/operation.js";
import { Progress } from "../wall/progress.js";

/** @typedef {"minutes" | "maybeMinutes" | "late"} Length how much time it needs to know */
/** @typedef {{ verb: string, path: string, length?: Length, reason: boolean, grave?: boolean }} Act */
/** @typedef {{ attempt_id: string, student_name: string, exam_id: string }} Subject */

/** @type {Act[]} in the order of the buttons */
export const ACTS = [
  { verb: "release", path: "release", reason: false },
  { verb: "accept_late", path: "accept-late", length: "late", reason: true },
  { verb: "reopen", path: "reopen", length: "maybeMinutes", reason: true },
  { verb: "reactivate", path: "reactivate", reason: true },
  { verb: "extend", path: "extend", length: "minutes", reason: true },
  { verb: "lift_cap", path: "lift-cap", reason: true },
  { verb: "void", path: "void", reason: true, grave: true },
];

/**
 * The buttons for one attempt: what its `possible` names.
 * @param {Subject} subject @param {() => void} again
 */
export async function acts(subject, again) {
  const attempt = await get(`/api/reservations/attempts/${subject.attempt_id}`);
  const may = ACTS.filter((act) => attempt.possible.includes(act.verb));
  const asked = attempt.reopen_asked;
  if (!may.length && !asked) return null;
  return h(
    "section",
    {},
    h("h2", {}, t("act.title")),
    asked && h("p", { class: "notice medium" }, t("act.reopenAsked", { reason: asked.reason })),
    cap(attempt),
    h("div", { class: "actions" }, may.map((act) => button(act, () => one(act, subject, again)))),
  );
}

/** Under a cap everybody who gives time must know of it. @param {any} attempt */
function cap(attempt) {
  if (!attempt.cap_at) return null;
  const slack = attempt.pause_slack === null ? null : secondsOf(attempt.pause_slack);
  return h("p", { class: "notice" }, t("act.cap"), " ", slack === null ? "" : slack ? t("act.pauseSlack", { time: duration(slack) }) : t("act.pauseCosts"));
}

/** @param {Act} act @param {() => void} onClick */
export function button(act, onClick) {
  return h("button", { type: "button", class: act.grave ? "grave" : "", onClick }, t(`act.${act.verb}.button`));
}

/** @param {Act} act @param {Subject} subject @param {() => void} again */
async function one(act, subject, again) {
  /** @type {any} */
  let view = null;
  const key = crypto.randomUUID();
  const isDone = await confirmed({
    ...question(act, 1),
    act: async (said) => {
      view = await post(`/api/reservations/attempts/${subject.attempt_id}/${act.path}`, body(act, said, "one"), { key });
    },
  });
  if (!isDone) return;
  announce(outcome(act, view));
  again();
}

/**
 * Ask several, exam by exam: an operation is about one exam.
 * @param {Act} act @param {Subject[]} subjects @param {() => void} again
 */
export async function many(act, subjects, again) {
  /** @type {Record<string, string>} */
  let said = {};
  const isMeant = await confirmed({ ...question(act, subjects.length), act: async (values) => void (said = values) });
  if (!isMeant) return;
  const progress = new Progress(t(`act.${act.verb}.button`), subjects);
  progress.open();
  for (const exam of new Set(subjects.map((each) => each.exam_id))) {
    const theirs = subjects.filter((each) => each.exam_id === exam).map((each) => each.attempt_id);
    try {
      await operate(act.verb, theirs, body(act, said, "many"), progress);
    } catch (error) {
      for (const attempt of theirs) progress.tell(attempt, "refused", error);
    }
  }
  progress.end();
  await progress.closed;
  again();
}

/** @param {Act} act @param {number} count */
function question(act, count) {
  const fields = [];
  if (act.length) {
    const isOptional = act.length === "maybeMinutes";
    fields.push({ name: "minutes", label: t(`act.${act.verb}.minutes`), hint: isOptional ? t("act.timeLeft") : undefined, type: "number", value: isOptional ? "" : "5", optional: isOptional, more: { min: 1, max: 480 } });
  }
  if (act.reason) fields.push({ name: "reason", label: t("act.reason"), hint: t("act.reasonHint"), type: "textarea", more: { maxLength: 4_000 } });
  return { title: t(`act.${act.verb}.ask`, { count }), text: t(`act.${act.verb}.means`), confirm: t(`act.${act.verb}.button`), fields };
}

/** @param {Act} act @param {Record<string, string>} said @param {"one" | "many"} how */
function body(act, { minutes, ...rest }, how) {
  if (!act.length || !minutes) return rest;
  const name = how === "many" || act.length === "minutes" ? "by" : act.length === "late" ? "within" : "time";
  return { ...rest, [name]: minutesAsIso(Number(minutes)) };
}

/** What came of it, and of the time that was asked for. @param {Act} act @param {any} view */
function outcome(act, view) {
  const given = act.length && view?.given;
  if (act.verb === "reopen" && view?.reopen_asked) return t("act.secondNeeded");
  if (!given || !given.why_less) return t(`act.${act.verb}.done`);
  return t("act.less", { added: duration(secondsOf(given.added)), asked: duration(secondsOf(given.asked)) });
}
