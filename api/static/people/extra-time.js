// A person's extra time: what counts now, since when, who said so and why, and a form to change it.

import { announce } from "../core/announce.js";
import { confirmed } from "../core/dialog.js";
import { h } from "../core/dom.js";
import { form } from "../core/form.js";
import { post, put } from "../core/http.js";
import { minutesAsIso, secondsOf } from "../core/iso.js";
import { listing } from "../core/listing.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { both, dateTime, duration, shortDateTime } from "../core/time.js";
import { extraTime } from "./roles.js";

/** @typedef {import("./roles.js").Person} Person */
/** @typedef {{ duration_factor: string, reason: string, set_by_name: string, set_at: string }} Entry */
/** @typedef {{ attempt_id: string, phase: string, deadline_at: string | null, created_at: string }} Attempt */

const FACTORS = ["1", "1.1", "1.2", "1.25", "1.3", "1.5", "1.75", "2"];
const UNDER_WAY = ["held", "waitlisted", "reserved", "checking_in", "awaiting_admission", "admitted", "in_progress", "paused", "terminated"];
const TIMED = ["reserved", "checking_in", "awaiting_admission", "admitted", "in_progress", "paused", "terminated"];

/**
 * @param {Person} person
 * @param {() => void} again
 */
export function extraTimeOf(person, again) {
  return h(
    "section",
    {},
    h("h2", {}, t("people.time.title")),
    h("p", {}, status(Number(person.duration_factor) > 1 ? "good" : "plain", extraTime(person.duration_factor))),
    h("p", { class: "notice" }, t("people.time.takesEffect")),
    change(person, again),
    underWay(person, again),
    h("h3", {}, t("people.time.history")),
    history(person),
  );
}

/** @param {Person} person @param {() => void} again */
function change(person, again) {
  const known = [...new Set([...FACTORS, String(Number(person.duration_factor))])].sort((one, other) => Number(one) - Number(other));
  return form({
    fields: [
      { name: "duration_factor", label: t("people.time.factor"), type: "select", value: String(Number(person.duration_factor)), options: known.map((factor) => [factor, extraTime(factor)]) },
      { name: "reason", label: t("people.time.reason"), hint: t("people.time.reasonHint"), more: { maxLength: 500 } },
    ],
    submit: t("people.time.save"),
    send: async (values) => {
      await put(`/api/users/people/${person.person_id}/extra-time`, values);
      announce(t("people.time.saved"));
      again();
    },
  });
}

/** @param {Person} person */
function history(person) {
  const list = h("ol", { class: "rows" });
  const row = (/** @type {Entry} */ entry) =>
    h("li", { class: "row" }, h("strong", {}, extraTime(entry.duration_factor)), h("span", {}, entry.reason), h("span", { class: "quiet small" }, t("people.time.setBy", { name: entry.set_by_name || t("people.time.somebody"), at: dateTime(entry.set_at) })));
  return listing({ path: `/api/users/people/${person.person_id}/extra-time?limit=20`, list, row, empty: () => h("p", { class: "quiet" }, t("people.time.never")) });
}

/**
 * Attempts under way; from the booking to the end they can be extended here.
 * @param {Person} person @param {() => void} again
 */
function underWay(person, again) {
  const list = h("ul", { class: "rows" });
  const wanted = new URLSearchParams([["student_id", person.person_id], ["limit", "20"], ...UNDER_WAY.map((phase) => ["phase", phase])]);
  const row = (/** @type {Attempt} */ attempt) =>
    h(
      "li",
      { class: "row" },
      h("span", {}, h("a", { href: `/attempts/${attempt.attempt_id}/record` }, t(`attempt.phase.${attempt.phase}`)), " ", h("span", { class: "quiet small" }, attempt.deadline_at ? t("people.time.until", { at: both(attempt.deadline_at) }) : t("people.time.booked", { at: shortDateTime(attempt.created_at) }))),
      TIMED.includes(attempt.phase) && h("button", { type: "button", onClick: () => extend(person, attempt, again) }, t("people.time.extend")),
    );
  return h("div", {}, h("h3", {}, t("people.time.underWay")), listing({ path: `/api/reservations/attempts?${wanted}`, list, row, empty: () => h("p", { class: "quiet" }, t("people.time.noneUnderWay")) }));
}

/** @param {Person} person @param {Attempt} attempt @param {() => void} again */
async function extend(person, attempt, again) {
  const key = crypto.randomUUID();
  /** @type {any} */
  let view = null;
  const isDone = await confirmed({
    title: t("people.time.extendTitle", { name: person.display_name }),
    text: t("people.time.extendText"),
    confirm: t("people.time.extend"),
    fields: [
      { name: "minutes", label: t("people.time.minutes"), type: "number", value: "15", more: { min: 1, max: 480 } },
      { name: "reason", label: t("people.time.reason") },
    ],
    act: async ({ minutes, reason }) => {
      view = await post(`/api/reservations/attempts/${attempt.attempt_id}/extend`, { by: minutesAsIso(Number(minutes)), reason }, { key });
    },
  });
  if (!isDone) return;
  const given = view?.given;
  announce(given?.why_less ? t("people.time.less", { added: duration(secondsOf(given.added)), asked: duration(secondsOf(given.asked)) }) : t("people.time.given"));
  again();
}
