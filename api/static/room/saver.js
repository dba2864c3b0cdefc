// Sends answers as they are typed, keeps trying while the network is away, and says how it stands.

import { get, post, Problem, put, Unreachable } from "../core/http.js";
import { learn, serverNow } from "../core/server-clock.js";
import { AnswerBook } from "./answer-book.js";

/** @typedef {import("./answer-book.js").Draft} Draft */
/** @typedef {"saved" | "saving" | "offline" | "late" | "refused"} Standing */

/**
 * @typedef {object} Ears
 * @property {(questionId: string, standing: Standing, problem?: Problem) => void} standing
 * @property {(deadlineAt: string | null) => void} deadline
 */

const TYPING = 500; // milliseconds of rest before an answer is sent
const LONGEST_PAUSE = 15_000;

export class Saver {
  /**
   * @param {string} id the attempt
   * @param {AnswerBook} book
   * @param {number} epoch
   * @param {Ears} ears
   */
  constructor(id, book, epoch, ears) {
    this.path = `/api/corrections/attempts/${id}`;
    this.id = id;
    this.book = book;
    this.epoch = epoch;
    this.ears = ears;
    this.pause = 1_000;
    /** @type {Map<string, ReturnType<typeof setTimeout>>} */
    this.timers = new Map();
    addEventListener("online", () => this.flush());
  }

  /**
   * Opens the book, takes what the server has, and lets this device answer from now on.
   * Raises Problem and Unreachable.
   * @param {string} id
   * @param {Ears} ears
   */
  static async open(id, ears) {
    const path = `/api/corrections/attempts/${id}`;
    const book = await AnswerBook.open(id);
    const begun = await post(`${path}/answer-epoch`, {});
    const asked = Date.now();
    const stored = await get(`${path}/answers`);
    learn(stored.server_time, asked);
    ears.deadline(stored.deadline_at);
    await book.adopt(stored.items);
    const saver = new Saver(id, book, begun.epoch, ears);
    saver.flush();
    return saver;
  }

  /**
   * The person changed an answer.
   * @param {string} questionId
   * @param {any} value
   * @param {number} seconds the question was open since its last answer
   */
  async change(questionId, value, seconds) {
    const revision = (this.book.drafts.get(questionId)?.revision ?? 0) + 1;
    const answeredAt = new Date(serverNow()).toISOString();
    this.ears.standing(questionId, "saving");
    await this.book.write({
      attempt: this.id, question_id: questionId, epoch: this.epoch, revision, value, answered_at: answeredAt, seconds, isSaved: false,
    });
    clearTimeout(this.timers.get(questionId));
    this.timers.set(questionId, setTimeout(() => this.send(questionId), TYPING));
  }

  /** @param {string} questionId */
  async send(questionId) {
    const draft = this.book.drafts.get(questionId);
    if (!draft || draft.isSaved) return;
    try {
      const { attempt: _attempt, question_id: _question, isSaved: _saved, ...body } = draft;
      const saved = await put(`${this.path}/answers/${questionId}`, body);
      this.pause = 1_000;
      await this.settle(draft, saved);
    } catch (error) {
      await this.failed(draft, error);
    }
  }

  /** Send everything that waits, now. @returns {Promise<boolean>} whether nothing waits any more */
  async flush() {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    for (const draft of this.book.unsaved()) await this.send(draft.question_id);
    return this.book.unsaved().length === 0;
  }

  /** @param {Draft} draft @param {any} saved */
  async settle(draft, saved) {
    learn(saved.server_time);
    this.ears.deadline(saved.deadline_at);
    if (this.book.drafts.get(draft.question_id)?.revision === draft.revision) await this.book.write({ ...draft, isSaved: true });
    this.ears.standing(draft.question_id, saved.standing === "late" ? "late" : "saved");
  }

  /** @param {Draft} draft @param {unknown} error */
  async failed(draft, error) {
    const isPassing = error instanceof Unreachable || (error instanceof Problem && (error.status === 503 || error.status === 429));
    if (!isPassing) {
      if (!(error instanceof Problem)) throw error;
      await this.book.write({ ...draft, isSaved: true });
      this.ears.standing(draft.question_id, "refused", error);
      return;
    }
    this.ears.standing(draft.question_id, "offline");
    const pause = error instanceof Problem && error.retryAfter ? error.retryAfter * 1_000 : this.pause;
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    this.timers.set(draft.question_id, setTimeout(() => this.send(draft.question_id), pause * (0.5 + Math.random())));
  }
}
