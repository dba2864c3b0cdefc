// Sends answers as they are typed, keeps trying while the network is away, and says how it stands.

import { get, isAway, isPassing, post, Problem, put } from "../core/http.js";
import { learn, serverNow } from "../core/server-clock.js";
import { AnswerBook, bodyOf } from "./answer-book.js";

/** @typedef {import("./answer-book.js").Draft} Draft */
/** @typedef {"saved" | "saving" | "offline" | "late" | "refused"} Standing */

/**
 * @typedef {object} Ears
 * @property {(questionId: string, standing: Standing, problem?: Problem) => void} standing
 * @property {(deadlineAt: string | null) => void} deadline
 * @property {(epoch: number) => void} began
 * @property {() => void} changed an answer was newer on the server
 */

const TYPING = 500; // milliseconds of rest before an answer is sent
const LONGEST_PAUSE = 15_000;
const PATIENCE = 4_000;
const LONGEST_SAVE = 10_000; // a network that swallows an answer never says so

/** Whoever can go on without the server waits for it only so long. @param {boolean} canGoOn */
const patience = (canGoOn) => (canGoOn ? { signal: AbortSignal.timeout(PATIENCE) } : {});

export class Saver {
  /**
   * @param {string} id the attempt
   * @param {AnswerBook} book
   * @param {number | undefined} epoch this device's last one, if it had one
   * @param {Ears} ears
   */
  constructor(id, book, epoch, ears) {
    this.path = `/api/corrections/attempts/${id}`;
    this.id = id;
    this.book = book;
    this.epoch = epoch ?? 0;
    this.ears = ears;
    this.pause = 1_000;
    this.isBehind = false; // opened without network: what the server has is not known yet
    /** @type {Map<string, ReturnType<typeof setTimeout>>} */
    this.timers = new Map();
    addEventListener("online", () => this.flush());
  }

  /**
   * Opens the book, lets this device answer from now on, and takes what the server has. Without network a device
   * that has answered before goes on as it was. Raises Problem and Unreachable.
   * @param {string} id
   * @param {number | undefined} epoch
   * @param {Ears} ears
   */
  static async open(id, epoch, ears) {
    const saver = new Saver(id, await AnswerBook.open(id), epoch, ears);
    try {
      const begun = await post(`${saver.path}/answer-epoch`, {}, patience(epoch !== undefined));
      saver.epoch = begun.epoch;
      ears.began(begun.epoch);
      await saver.catchUp();
    } catch (error) {
      if (epoch === undefined || !isAway(error)) throw error;
      saver.isBehind = true;
    }
    saver.flush();
    return saver;
  }

  /** Take what the server has and this device has not. Raises Problem and Unreachable. */
  async catchUp() {
    const stored = await this.stored();
    this.ears.deadline(stored.deadline_at);
    this.isBehind = false;
    return this.book.adopt(stored.items);
  }

  /** Whether another device has answered after this one began. Raises Problem and Unreachable. */
  async isOvertaken() {
    return (await this.stored()).epoch > this.epoch;
  }

  async stored() {
    const asked = Date.now();
    const stored = await get(`${this.path}/answers`, patience(this.isBehind));
    learn(stored.server_time, asked);
    return stored;
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
    const draft = { attempt: this.id, question_id: questionId, epoch: this.epoch, revision, value, answered_at: answeredAt, seconds, isSaved: false };
    const written = this.book.write(draft);
    this.ears.standing(questionId, "saving");
    await written;
    this.later(questionId, TYPING);
  }

  /** @param {string} questionId @param {number} pause milliseconds */
  later(questionId, pause) {
    clearTimeout(this.timers.get(questionId));
    this.timers.set(questionId, setTimeout(() => this.send(questionId), pause));
  }

  /** @param {string} questionId */
  async send(questionId) {
    const draft = this.book.drafts.get(questionId);
    if (!draft || draft.isSaved) return;
    try {
      const saved = await put(`${this.path}/answers/${questionId}`, bodyOf(draft), { signal: AbortSignal.timeout(LONGEST_SAVE) });
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
    const isOlder = saved.epoch > draft.epoch || (saved.epoch === draft.epoch && saved.revision > draft.revision);
    if (isOlder && (await this.catchUp())) this.ears.changed();
  }

  /** @param {Draft} draft @param {unknown} error */
  async failed(draft, error) {
    const problem = error instanceof Problem ? error : undefined;
    if (!isPassing(error)) {
      if (!problem) throw error;
      if (this.book.drafts.get(draft.question_id)?.revision === draft.revision) await this.book.write({ ...draft, isSaved: true });
      this.ears.standing(draft.question_id, "refused", problem);
      return;
    }
    this.ears.standing(draft.question_id, "offline", problem);
    const pause = problem?.retryAfter ? problem.retryAfter * 1_000 : this.pause;
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    this.later(draft.question_id, pause * (0.5 + Math.random()));
  }
}
