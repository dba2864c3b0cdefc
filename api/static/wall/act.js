// What may be done to one attempt or to several, asked for first, with the acknowledgement of each shown.

import { confirmed } from "../core/dialog.js";
import { h } from "../core/dom.js";
import { isLost } from "../core/focus.js";
import { post } from "../core/http.js";
import { minutesAsIso, secondsOf } from "../core/iso.js";
import { t } from "../core/text.js";
import { duration } from "../core/time.js";
import { follow, operate, underWay } from "./operation.js";
import { Progress } from "./progress.js";

/** @typedef {{ attempt_id: string, student_name: string, phase: string, cap_at?: string | null, pause_slack?: string | null }} Subject */

/** The phases in which each act makes sense, who may do it, and what else it needs to know. */
const ACTS = {
  admit: { phases: ["awaiting_admission"], roles: ["proctor"], field: null },
  "send-back": { phases: ["awaiting_admission"], roles: ["proctor"], field: "step" },
  refuse: { phases: ["awaiting_admission"], roles: ["proctor"], field: "reason" },
  extend: { phases: ["checking_in", "awaiting_admission", "admitted", "in_progress", "paused", "terminated"], roles: ["proctor", "admin"], field: "minutes" },
  pause: { phases: ["in_progress"], roles: ["proctor"], field: "reason" },
  resume: { phases: ["paused"], roles: ["proctor"], field: null },
  submit: { phases: ["in_progress"], roles: ["proctor"], field: null },
  terminate: { phases: ["in_progress", "paused"], roles: ["proctor"], field: "reason" },
  reactivate: { phases: ["terminated"], roles: ["admin"], field: "reason" },
  "lift-cap": { phases: ["checking_in", "awaiting_admission", "admitted", "in_progress", "paused", "terminated"], roles: ["admin"], field: "reason" },
  void: { phases: ["checking_in", "awaiting_admission", "admitted", "in_progress", "paused", "terminated"], roles: ["admin"], field: "reason" },
};
const GRAVE = new Set(["refuse", "terminate", "submit", "void"]);
const MOST_NAMES = 12;

/** @type {string[]} */
let mine = [];

/** Offer what people with these roles may do. @param {string[]} roles */
export function actAs(roles) {
  mine = roles;
}

/**
 * Buttons for what may be done to some of these; a number says to how many, where not to all.
 * @param {Subject[]} subjects
 * @param {() => void} done
 * @param {() => void} home takes the focus where the button that was pressed is gone once it is over
 */
export function acts(subjects, done, home) {
  const buttons = Object.entries(ACTS).map(([name, act]) => {
    const fitting = subjects.filter((each) => act.phases.includes(each.phase));
    if (!fitting.length || !act.roles.some((role) => mine.includes(role))) return null;
    const few = fitting.length < subjects.length ? ` (${fitting.length})` : "";
    return h("button", { type: "button", class: GRAVE.has(name) ? "grave" : "", onClick: () => perform(name, fitting, done, home) }, t(`wall.act.${name}`), few);
  });
  return h("div", { class: "actions" }, buttons);
}

/** @param {string} name @param {Subject[]} subjects @param {() => void} done @param {() => void} home */
async function perform(name, subjects, done, home) {
  const { field } = ACTS[/** @type {keyof typeof ACTS} */ (name)];
  /** @type {Record<string, string>} */
  let said = {};
  const isMeant = await confirmed({
    title: t(`wall.ask.${name}`, { count: subjects.length }),
    text: [names(subjects), GRAVE.has(name) ? t(`wall.grave.${name}`) : "", capped(name, subjects)].filter(Boolean).join(" "),
    confirm: t(`wall.act.${name}`),
    fields: fieldsOf(field),
    act: async (values) => {
      said = values;
    },
  });
  if (isMeant) await carryOut(name, subjects, bodyOf(field, said), done, home);
}

/** Whoever gives time or takes it must know where the exam ends with its slot. @param {string} name @param {Subject[]} subjects */
function capped(name, subjects) {
  const those = subjects.filter((each) => each.cap_at);
  if (!those.length || !["extend", "pause"].includes(name)) return "";
  const slack = Math.min(...those.map((each) => (each.pause_slack ? secondsOf(each.pause_slack) : 0)));
  if (name === "extend") return t("act.cap");
  return [t("act.cap"), slack ? t("act.pauseSlack", { time: duration(slack) }) : t("act.pauseCosts")].join(" ");
}

/** @param {Subject[]} subjects */
function names(subjects) {
  const some = subjects.slice(0, MOST_NAMES).map((each) => each.student_name).join(", ");
  const more = subjects.length - MOST_NAMES;
  return more > 0 ? t("wall.andMore", { names: some, count: more }) : `${some}.`;
}

/** @param {string | null} field @returns {import("../core/form.js").Field[]} */
function fieldsOf(field) {
  if (field === "minutes") return [{ name: "minutes", label: t("wall.minutes"), type: "number", value: "5", more: { min: 1, max: 480 } }, reason(true)];
  if (field === "step") {
    const options = ["identity_photo", "camera", "browser", "consent"].map((step) => /** @type {[string, string]} */ ([step, t(`wall.step.${step}`)]));
    return [{ name: "step", label: t("wall.whichStep"), type: "select", options }, reason(false)];
  }
  return field === "reason" ? [reason(false)] : [];
}

/** @param {boolean} optional @returns {import("../core/form.js").Field} */
function reason(optional) {
  return { name: "reason", label: t("wall.reason"), hint: t("wall.reasonHint"), optional };
}

/** @param {string | null} field @param {Record<string, string>} said */
function bodyOf(field, { minutes, ...rest }) {
  return field === "minutes" ? { by: minutesAsIso(Number(minutes)), ...rest } : rest;
}

/**
 * One attempt is asked directly, many as one operation of the server that goes on whatever happens here.
 * @param {string} name @param {Subject[]} subjects @param {any} body @param {() => void} done @param {() => void} home
 */
async function carryOut(name, subjects, body, done, home) {
  const progress = new Progress(t(`wall.act.${name}`), subjects);
  const attempts = subjects.map((each) => each.attempt_id);
  document.dispatchEvent(new CustomEvent("wall-progress", { detail: progress }));
  progress.open();
  progress.closed.then(() => isLost() && home());
  try {
    if (subjects.length > 1) await operate(name.replace("-", "_"), attempts, body, progress);
    else {
      const view = await post(`/api/reservations/attempts/${attempts[0]}/${name}`, body);
      progress.tell(attempts[0], "done", name === "extend" && view.given?.why_less ? view.given : undefined);
    }
  } catch (error) {
    progress.fail(error);
  }
  progress.end();
  done();
}

/**
 * Take up what is under way at this exam, asked for by whomever.
 * @param {string} exam @param {Subject[]} everybody @param {() => void} done
 */
export async function takeUp(exam, everybody, done) {
  const found = await underWay(exam);
  if (!found) return;
  const names = new Map(everybody.map((each) => [each.attempt_id, each.student_name]));
  const subjects = found.attempts.map((attempt_id) => ({ attempt_id, student_name: names.get(attempt_id) ?? t("wall.elsewhere") }));
  const progress = new Progress(t(`wall.act.${found.verb.replace("_", "-")}`), subjects);
  document.dispatchEvent(new CustomEvent("wall-progress", { detail: progress }));
  await follow(found.id, progress);
  progress.end();
  done();
}
