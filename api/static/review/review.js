// A review as its screen knows it, the commands that it takes, and the one that comes next.

import { get, post } from "../core/http.js";

/**
 * @typedef {object} Review
 * @property {string} review_id
 * @property {"essay" | "integrity" | "appeal"} kind
 * @property {"open" | "assigned" | "decided"} stage
 * @property {string} exam_id
 * @property {string} exam_title
 * @property {string | null} attempt_id
 * @property {string} opened_at
 * @property {string} remind_at
 * @property {string} escalate_at
 * @property {boolean} is_escalated
 * @property {string | null} assignee_id
 * @property {string | null} assignee_name
 * @property {boolean} is_mine
 * @property {boolean} is_second_look
 * @property {boolean} needs_another_person
 * @property {Essay | null} essay
 * @property {Incident[] | null} incidents
 * @property {string | null} leave_after
 * @property {import("../coverage/figure.js").Coverage | null} [coverage]
 * @property {string | null} appeal
 * @property {{ decided_at: string, outcome: string, reason: string } | null} earlier
 * @property {string | null} decided_at
 * @property {any} verdict
 */

/** @typedef {{ question_html: string, answer: string, points: string, rubric: { key: string, html: string, points: string }[] }} Essay */
/** @typedef {{ incident_id: string, kind: string, severity: string, started_at: string, ended_at: string | null, confidence: number, rule: string, late_seconds?: number | null }} Incident */

/** Who decides which. */
export const ROLES = { essay: "grader", integrity: "reviewer", appeal: "reviewer" };

/** @param {string} id */
export function reviewPath(id) {
  return `/api/corrections/reviews/${id}`;
}

/** @param {string} id @returns {Promise<Review>} */
export function claim(id) {
  return post(`${reviewPath(id)}/claim`, {});
}

/**
 * Nobody holds it any more.
 * @param {string} id
 * @param {string} key
 * @returns {Promise<Review>}
 */
export function giveBack(id, key) {
  return post(`${reviewPath(id)}/give-back`, undefined, { key });
}

/**
 * Decide; the waiting workflow goes on at once.
 * @param {string} id
 * @param {any} verdict
 * @param {string} key
 * @returns {Promise<Review>}
 */
export function decide(id, verdict, key) {
  return post(`${reviewPath(id)}/decide`, { verdict }, { key });
}

/**
 * The most urgent one that this person may take, of the same exam before others; their own before free ones.
 * @param {string[]} roles what the person is
 * @param {Pick<Review, "review_id" | "kind" | "exam_id">} [after]
 * @returns {Promise<Review | null>}
 */
export async function nextReview(roles, after) {
  const { items } = await get(`/api/corrections/reviews?is_waiting=true&limit=200${after ? `&kind=${after.kind}` : ""}`);
  const possible = /** @type {Review[]} */ (items).filter((one) => one.review_id !== after?.review_id && roles.includes(ROLES[one.kind]) && (one.is_mine || (!one.assignee_id && !one.needs_another_person)));
  const worth = (/** @type {Review} */ one) => (one.exam_id === after?.exam_id ? 2 : 0) + (one.is_mine ? 1 : 0);
  return possible.sort((a, b) => worth(b) - worth(a))[0] ?? null;
}

/** How far it is. @param {Pick<Review, "kind" | "exam_id">} [of] */
export function loadCount(of) {
  return get(`/api/corrections/reviews/count${of ? `?kind=${of.kind}&exam_id=${of.exam_id}` : ""}`);
}
