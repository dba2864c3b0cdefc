// One attempt as its student sees it: what is happening, whether there is something to do, what comes next.

import { get } from "../core/http.js";

/**
 * @typedef {object} Attempt
 * @property {string} attempt_id
 * @property {string} exam_id
 * @property {string} student_id
 * @property {string} slot_id
 * @property {string} phase
 * @property {string} marking
 * @property {string} integrity
 * @property {string} release
 * @property {string} hold_until
 * @property {string | null} deadline_at
 * @property {string | null} submitted_at
 * @property {string[]} checks_done
 * @property {string} send_back_reason
 * @property {boolean} student_is_back
 * @property {boolean} may_resume
 * @property {string[]} possible
 * @property {number | null} waiting_place 1 gets the next seat; null for who does not wait
 * @property {boolean | null} counts
 * @property {number} sittings
 */

/**
 * @typedef {object} Briefing
 * @property {string} exam_title
 * @property {string} starts_at
 * @property {string} ends_at
 * @property {string} duration
 * @property {number} questions
 * @property {string} check_in_opens_at
 * @property {string} no_show_at
 * @property {string} cancel_until
 * @property {string[]} check_in_steps
 * @property {boolean} microphone
 * @property {"proctor" | "automatic"} admission
 * @property {string} admission_escalates_after
 * @property {number | null} place_in_queue
 * @property {string[]} watched
 * @property {string} faces_compared_because
 * @property {string} frame_interval
 * @property {{ media: string, features: string, decision_log: string }} kept
 * @property {string | null} screen_interval
 * @property {boolean} keeps_recording
 * @property {string} appeal_window
 * @property {number} attempts_allowed
 * @property {"best" | "last" | "first"} counts
 * @property {"never" | "after_last_slot" | "on_release"} right_answers
 */

const PATH = "/api/reservations/attempts";

/** The attempt that this page's address names. */
export function attemptId() {
  return location.pathname.split("/")[2];
}

/** @param {string} id @param {import("../core/http.js").Options} [options] @returns {Promise<Attempt>} */
export function loadAttempt(id, options) {
  return get(`${PATH}/${id}`, options);
}

/**
 * As the workflow itself says: the mirror follows a command only within moments.
 * @param {string} id
 * @param {import("../core/http.js").Options} [options]
 * @returns {Promise<Attempt>}
 */
export async function loadLiveAttempt(id, options) {
  const { live, ...mirrored } = await get(`${PATH}/${id}?live=true`, options);
  return { ...mirrored, ...live };
}

/** @param {string} id @returns {Promise<Briefing>} */
export function loadBriefing(id) {
  return get(`${PATH}/${id}/briefing`);
}

/** @param {string} id @param {string} command */
export function commandPath(id, command) {
  return `${PATH}/${id}/${command}`;
}
