// What was said at an attempt as the interface tells it: messages by number, and how the conversation stands.

import { get, post, put } from "../core/http.js";

/**
 * @typedef {object} Said
 * @property {string} message_id
 * @property {number} number
 * @property {"student" | "proctor"} role
 * @property {boolean} is_mine
 * @property {string} text
 * @property {string} at
 * @property {string | null} author_name
 * @property {string | null} key
 */

/**
 * @typedef {object} Standing
 * @property {number} version
 * @property {boolean} is_open
 * @property {number} last_number
 * @property {number} unread
 * @property {number} read_by_student
 * @property {number} read_by_proctors
 * @property {string | null} hand_raised_at
 * @property {string | null} hand_lowered_at
 * @property {"student" | "proctor" | null} hand_lowered_by
 */

export class Conversation {
  /** @param {string} id the attempt */
  constructor(id) {
    this.path = `/api/monitoring/attempts/${id}`;
    /** @type {Said[]} */
    this.said = [];
    /** @type {Standing | null} */
    this.standing = null;
  }

  get last() {
    return this.said.at(-1)?.number ?? 0;
  }

  /**
   * Hear what is new; with `wait` the answer comes once something changed, or after that many seconds.
   * @param {number} [wait]
   * @returns {Promise<Said[]>} what was not known before
   */
  async hear(wait = 0) {
    /** @type {Said[]} */
    const fresh = [];
    let patience = wait;
    for (;;) {
      const query = `after=${this.last}&version=${this.standing?.version ?? 0}&wait=${patience}`;
      const { items, next_after, standing } = await get(`${this.path}/messages?${query}`);
      fresh.push(...this.take(items));
      this.stand(standing);
      if (next_after === null) return fresh;
      patience = 0;
    }
  }

  /** @param {string} text @param {string} key */
  async say(text, key) {
    await post(`${this.path}/messages`, { text }, { key });
  }

  /** Say that all of it was read, where something was not. */
  async read() {
    const { standing } = this;
    if (standing?.unread && this.last) this.stand(await put(`${this.path}/messages/read`, { up_to: this.last }));
  }

  /** @param {boolean} raised */
  async hand(raised) {
    this.stand(await post(`${this.path}/hand`, { raised }));
  }

  /** Answers may overtake each other; an older one changes nothing. @param {Standing} standing */
  stand(standing) {
    if (standing.version >= (this.standing?.version ?? 0)) this.standing = standing;
  }

  /** @param {Said[]} items @returns {Said[]} */
  take(items) {
    const fresh = items.filter((one) => one.number > this.last);
    this.said.push(...fresh);
    return fresh;
  }
}
