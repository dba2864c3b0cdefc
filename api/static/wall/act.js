// What a proctor may do to one attempt or to several, with the acknowledgement of each shown.

import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { post } from "../core/http.js";
import { minutesAsIso } from "../core/iso.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { inWords } from "../core/trouble.js";

/** @typedef {{ attempt_id: string, student_name: string, phase: string }} Subject */

/** The phases in which each act makes sense, and what else it needs to know. */
const ACTS = {
  admit: { phases: ["awaiting_admission"], field: null },
  "send-back": { phases: ["awaiting_admission"], field: "step" },
  refuse: { phases: ["awaiting_admission"], field: "reason" },
  extend: { phases: ["in_progress", "paused"], field: "minutes" },
  pause: { phases: ["in_progress"], field: "reason" },
  resume: { phases: ["paused"], field: null },
  submit: { phases: ["in_progress", "paused"], field: null },
  terminate: { phases: ["in_progress", "paused"], field: "reason" },
};
const GRAVE = new Set(["refuse", "terminate", "submit"]);

/**
 * Buttons for what may be done to all of these.
 * @param {Subject[]} subjects
 * @param {() => void} done
 */
export function acts(subjects, done) {
  const fitting = Object.entries(ACTS).filter(([, act]) => subjects.length && subjects.every((each) => act.phases.includes(each.phase)));
  const buttons = fitting.map(([name]) =>
    h("button", { type: "button", class: GRAVE.has(name) ? "grave" : "", onClick: () => perform(name, subjects, done) }, t(`wall.act.${name}`)),
  );
  return h("div", { class: "actions" }, buttons);
}

/** @param {string} name @param {Subject[]} subjects @param {() => void} done */
async function perform(name, subjects, done) {
  const keys = subjects.map(() => crypto.randomUUID());
  const { field } = ACTS[/** @type {keyof typeof ACTS} */ (name)];
  /** @type {Record<string, string>} */
  let said = {};
  const isMeant = await confirmed({
    title: t(`wall.ask.${name}`, { count: subjects.length }),
    text: subjects.map((each) => each.student_name).join(", "),
    confirm: t(`wall.act.${name}`),
    fields: fieldsOf(field),
    act: async (values) => {
      said = values;
    },
  });
  if (isMeant) await carryOut(name, subjects, keys, bodyOf(field, said));
  done();
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
 * One after another, each with its own word of success or refusal.
 * @param {string} name @param {Subject[]} subjects @param {string[]} keys @param {any} body
 */
function carryOut(name, subjects, keys, body) {
  return new Promise((resolve) => {
    const rows = subjects.map((each) => h("li", { class: "row" }, h("span", {}, each.student_name), h("span", { role: "status" }, status("waiting", t("wall.waiting")))));
    const close = h("button", { type: "button", disabled: true, onClick: () => dialog.close() }, t("wall.close"));
    const dialog = h("dialog", { "aria-labelledby": "progress-title" }, h("h2", { id: "progress-title" }, t(`wall.act.${name}`)), h("ul", { class: "rows" }, rows), h("div", { class: "actions" }, close));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(undefined);
    });
    document.body.append(dialog);
    dialog.showModal();
    const each = subjects.map(async (subject, place) => {
      const word = /** @type {HTMLElement} */ (rows[place].lastElementChild);
      try {
        await post(`/api/reservations/attempts/${subject.attempt_id}/${name}`, body, { key: keys[place] });
        fill(word, status("good", t("wall.acknowledged")));
      } catch (error) {
        fill(word, status("critical", inWords(error)));
      }
    });
    Promise.all(each).then(() => {
      close.disabled = false;
      close.focus();
    });
  });
}
