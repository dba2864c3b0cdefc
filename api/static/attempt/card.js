// What an attempt's phase means for its student, and what can be done in it.

import { h } from "../core/dom.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { both, dateTime, duration } from "../core/time.js";
import { serverNow } from "../core/server-clock.js";

/** @typedef {import("./attempt.js").Attempt} Attempt */
/** @typedef {import("./attempt.js").Briefing} Briefing */

/** @type {Record<string, Parameters<typeof status>[0]>} */
const TONES = {
  held: "medium", waitlisted: "waiting", reserved: "good", checking_in: "medium", awaiting_admission: "waiting", admitted: "good",
  in_progress: "good", paused: "medium", terminated: "critical", submitted: "good", cancelled: "plain", expired: "plain",
  no_show: "high", voided: "critical",
};

/** Phases in which there is a next screen, with its name. */
const ONWARD = {
  checking_in: "check-in", awaiting_admission: "check-in", admitted: "check-in", in_progress: "room", paused: "room",
};

/** @param {Attempt} attempt */
export function phaseStatus(attempt) {
  return status(TONES[attempt.phase] ?? "plain", phaseWords(attempt));
}

/** @param {Attempt} attempt */
export function phaseWords(attempt) {
  const place = attempt.phase === "waitlisted" ? attempt.waiting_place : null;
  return place ? t("attempt.place", { place }) : t(`attempt.phase.${attempt.phase}`);
}

/**
 * The sentences of this phase.
 * @param {Attempt} attempt
 * @param {Briefing} briefing
 */
export function explanation(attempt, briefing) {
  const facts = {
    until: both(attempt.hold_until),
    starts: both(briefing.starts_at),
    begins: dateTime(briefing.starts_at),
    opens: both(briefing.check_in_opens_at),
    latest: dateTime(briefing.no_show_at),
    submitted: attempt.submitted_at ? dateTime(attempt.submitted_at) : "",
    deadline: attempt.deadline_at ? both(attempt.deadline_at) : "",
  };
  return h("p", {}, t(`attempt.explain.${sentence(attempt, briefing)}`, facts), attempt.phase === "submitted" ? ` ${released(attempt)}` : null);
}

/**
 * Some phases have two ways to be explained.
 * @param {Attempt} attempt
 * @param {Briefing} briefing
 */
function sentence(attempt, briefing) {
  const isOpen = serverNow() >= Date.parse(briefing.check_in_opens_at);
  if (attempt.phase === "reserved" && isOpen) return "reservedOpen";
  if (attempt.phase === "waitlisted" && !attempt.waiting_place) return "movingUp";
  // Who waits does so until the slot begins; no other hold lasts as long.
  const waited = Date.parse(attempt.hold_until) === Date.parse(briefing.starts_at);
  return waited && ["expired", "cancelled"].includes(attempt.phase) ? `${attempt.phase}Waiting` : attempt.phase;
}

/** @param {Attempt} attempt @returns {HTMLElement | null} the link to the screen where it goes on */
export function onward(attempt) {
  const name = /** @type {Record<string, string>} */ (ONWARD)[attempt.phase];
  if (name) return h("a", { class: "button primary", href: `/attempts/${attempt.attempt_id}/${name}` }, t(`attempt.go.${name}`));
  if (isReleased(attempt)) return h("a", { class: "button primary", href: `/attempts/${attempt.attempt_id}/result` }, t("attempt.go.result"));
  return null;
}

/** @param {Briefing} briefing @param {number} seconds */
export function facts(briefing, seconds) {
  const rows = [
    [t("attempt.fact.starts"), dateTime(briefing.starts_at)],
    [t("attempt.fact.ends"), dateTime(briefing.ends_at)],
    [t("attempt.fact.duration"), duration(seconds)],
    [t("attempt.fact.checkIn"), dateTime(briefing.check_in_opens_at)],
    [t("attempt.fact.cancel"), dateTime(briefing.cancel_until)],
    [t("attempt.fact.sittings"), t("attempt.sittings", { count: briefing.attempts_allowed, rule: t(`attempt.counts.${briefing.counts}`) })],
    [t("attempt.fact.answers"), t(`attempt.answers.${briefing.right_answers}`)],
  ];
  return h("dl", { class: "facts" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** @param {Attempt} attempt */
export function isReleased(attempt) {
  return ["released", "appealed", "final", "archived"].includes(attempt.release);
}

/** @param {Attempt} attempt */
function released(attempt) {
  if (isReleased(attempt)) return t("attempt.explain.released");
  return attempt.integrity === "pending" ? t("attempt.explain.reviewed") : t("attempt.explain.marked");
}
