// How an attempt went: its clock with every stop, and every move with who made it and why.

import { h } from "../core/dom.js";
import { wordOf } from "../core/form.js";
import { secondsOf } from "../core/iso.js";
import { t } from "../core/text.js";
import { dateTime, duration, exactDateTime, shortDateTime } from "../core/time.js";
import { table } from "./table.js";

/** @typedef {{ verb: string, since: string, until: string | null, reason: string }} Stop */
/** @typedef {{ duration: string, started_at: string | null, deadline_at: string | null, stopped: string, extra: string | null, extensions: number, stops: Stop[] }} Clock */
/** @typedef {{ version: number, machine: string, source: string, verb: string, target: string, actor_role: string, actor_name: string, reason: string, at: string }} Move */
/** @typedef {{ incident_id: string, kind: string, severity: string, started_at: string, ended_at: string | null, confidence: number, ruling: string, ruling_reason: string, acknowledged_by_name: string }} Incident */
/** @typedef {{ review_id: string, kind: string, stage: string, round_number: number, opened_at: string, escalate_at: string, assignee_name: string, decided_at: string | null, decided_by_name: string, outcome: string }} Review */
/** @typedef {{ round_number: number, earned: string | null, points: string, percent: string | null, passed: boolean | null, completed_at: string | null }} Mark */
/** @typedef {{ hold_id: string, reason: string, set_by_name: string, set_at: string, released_by_name: string, released_at: string | null, release_reason: string }} Hold */
/** @typedef {{ data_class: string, kept_for: string, delete_at: string | null, is_deleted: boolean, rows: number, objects: number }} Kept */
/**
 * @typedef {object} AttemptRecord
 * @property {import("../search/standing.js").Found} attempt
 * @property {string} ends_at
 * @property {number} exam_version
 * @property {string | null} submitted_at
 * @property {boolean} has_report
 * @property {Clock} clock
 * @property {Move[]} moves
 * @property {Incident[]} incident_list
 * @property {import("../coverage/figure.js").Coverage | null} coverage
 * @property {Review[] | null} reviews
 * @property {Mark[] | null} marks
 * @property {Hold[] | null} holds
 * @property {import("./sitting.js").Sittings | null} sittings
 * @property {{ over_at: string | null, classes: Kept[], receipt_at: string | null, is_receipt_readable: boolean }} keeping
 */

/** @param {AttemptRecord} record */
export function clock({ clock, submitted_at: submitted }) {
  if (!clock.started_at) return h("p", {}, t("record.notBegun", { duration: duration(secondsOf(clock.duration)) }));
  const extra = clock.extra === null || clock.extra.startsWith("-") ? null : secondsOf(clock.extra);
  const rows = [
    [t("record.clock.started"), dateTime(clock.started_at)],
    [t("record.clock.duration"), duration(secondsOf(clock.duration))],
    [t("record.clock.extra"), extra ? [duration(extra), " ", h("span", { class: "quiet" }, t("record.clock.extensions", { count: clock.extensions }))] : t("record.clock.noExtra")],
    [t("record.clock.stopped"), secondsOf(clock.stopped) ? duration(secondsOf(clock.stopped)) : t("record.clock.never")],
    [t("record.clock.deadline"), clock.deadline_at ? dateTime(clock.deadline_at) : t(submitted ? "record.clock.handedIn" : "record.clock.stands")],
  ];
  const facts = h("dl", { class: "facts" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  return [facts, clock.stops.length ? stops(clock.stops) : null];
}

/** @param {Stop[]} stops */
function stops(stops) {
  const rows = stops.map((stop) => [
    wordOf("record.verb", stop.verb),
    shortDateTime(stop.since),
    stop.until ? duration((Date.parse(stop.until) - Date.parse(stop.since)) / 1000) : t("record.clock.stands"),
    stop.reason,
  ]);
  return table(t("record.clock.stops"), ["what", "since", "lasted", "reason"].map((name) => t(`record.head.${name}`)), rows);
}

/** @param {AttemptRecord} record */
export function moves({ moves }) {
  if (!moves.length) return h("p", { class: "quiet" }, t("record.noMoves"));
  const rows = moves.map((move) => [
    exactDateTime(move.at),
    move.machine === "attempt" ? wordOf("record.verb", move.verb) : `${wordOf("record.machine", move.machine)}: ${wordOf("record.verb", move.verb)}`,
    toState(move),
    actor(move),
    move.reason,
  ]);
  return table(t("record.section.moves"), ["at", "what", "state", "who", "reason"].map((name) => t(`record.head.${name}`)), rows);
}

/** @param {Move} move */
function toState(move) {
  const area = move.machine === "attempt" ? "standing.phase" : `standing.${move.machine}`;
  return wordOf(area, move.target);
}

/** @param {Move} move */
function actor(move) {
  const role = wordOf("record.actor", move.actor_role);
  return move.actor_name ? `${move.actor_name} (${role})` : role;
}
