// A review as its screen knows it, and the two commands that it takes.

import { post } from "../core/http.js";

/**
 * @typedef {object} Review
 * @property {string} review_id
 * @property {"essay" | "integrity" | "appeal"} kind
 * @property {"open" | "assigned" | "decided"} stage
 * @property {string} exam_title
 * @property {string | null} attempt_id
 * @property {string} opened_at
 * @property {string} remind_at
 * @property {string} escalate_at
 * @property {boolean} is_escalated
 * @property {string | null} assignee_id
 * @property {boolean} is_mine
 * @property {boolean} needs_another_person
 * @property {Essay | null} essay
 * @property {Incident[] | null} incidents
 * @property {string | null} appeal
 * @property {string | null} decided_at
 * @property {any} verdict
 */

/** @typedef {{ question_html: string, answer: string, points: string, rubric: { key: string, html: string, points: string }[] }} Essay */
/** @typedef {{ incident_id: string, kind: string, severity: string, started_at: string, ended_at: string | null, confidence: number, rule: string }} Incident */

/** @param {string} id */
export function reviewPath(id) {
  return `/api/corrections/reviews/${id}`;
}

/** @param {string} id @returns {Promise<Review>} */
export function claim(id) {
  return post(`${reviewPath(id)}/claim`, {});
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
