// Sends answers as they are typed, keeps trying while the network is away, and says how it stands.

import { get, isAway, isHeld, isPassing, post, Problem, put } from "../core/http.js";
import { serverNow } from "../core/server-clock.js";
import { AnswerBook, bodyOf, bytesOf } from "./answer-book.js";
import { Pace } from "./pace.js";

/** @typedef {import("./answer-book.js").Draft} Draft */
/** @typedef {"saved" | "saving" | "offline" | "held" | "late" | "refused"} Standing */

/**
 * @typedef {object} Ears
 * @property {(questionId: string, standing: Standing, problem?: Problem) => void} standing
 * @property {(deadlineAt: string | null) => void} deadline
 * @property {(epoch: number) => void} began
 * @property {() => void} changed an answer was newer on the server
 * @property {() => void} unkept this device writes nothing down
 */

const LONGEST_PAUSE = 15_000;
const PATIENCE = 4_000;
const LONGEST_SAVE = 10_000; // a network that swallows an answer never says so
const BEQUEST = 60_000; // bytes of what a page that goes may leave to be sent: browsers take 64 KiB (Fetch standard, 4.5)

/** Whoever can go on without the server waits for it only so long. @param {boolean} canGoOn */
const patience = (canGoOn) => ({ signal: AbortSignal.timeout(canGoOn ? PATIENCE : LONGEST_SAVE) });

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
    this.isUnsure = false; // whether the server heard this page begin
    this.key = crypto.randomUUID(); // of this page's wish to answer: asked again, it is granted once
    this.pace = new Pace((questionId) => this.send(questionId));
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
      await saver.begin("", epoch !== undefined);
      await saver.takeStored();
    } catch (error) {
      if (epoch === undefined || !isAway(error)) throw error;
      saver.isBehind = saver.isUnsure = true;
    }
    saver.flush();
    return saver;
  }

  /** @param {string} condition @param {boolean} canGoOn */
  async begin(condition, canGoOn) {
    const { epoch } = await post(`${this.path}/answer-epoch${condition}`, {}, { key: this.key, ...patience(canGoOn) });
    this.epoch = epoch;
    this.isUnsure = false;
    this.ears.began(epoch);
  }

  /** Asked again under the same key it is granted once, and only if nobody else has begun since. */
  async makeSure() {
    if (this.isUnsure) await this.begin(`?after=${this.epoch}`, true).catch(passOver);
  }

  /** Take what the server has and this device has not. Raises Problem and Unreachable. */
  async catchUp() {
    await this.makeSure();
    return this.takeStored();
  }

  async takeStored() {
    const stored = await this.stored();
    this.ears.deadline(stored.deadline_at);
    this.isBehind = false;
    return this.book.adopt(stored.items);
  }

  /** Whether another device has answered after this one began. Raises Problem and Unreachable. */
  async isOvertaken() {
    await this.makeSure();
    return (await this.stored()).epoch > this.epoch;
  }

  stored() {
    return get(`${this.path}/answers`, patience(this.isBehind));
  }

  /**
   * The person changed an answer. What is typed and no answer, or not yet, is kept on this device as it is.
   * @param {string} questionId
   * @param {any} value undefined leaves the answer as it was
   * @param {number} seconds the question was open since its last answer
   * @param {string | null} [typed] where it says more than the value
   */
  change(questionId, value, seconds, typed = null) {
    const before = this.book.drafts.get(questionId);
    const isSame = value === undefined || JSON.stringify(before?.value ?? null) === JSON.stringify(value);
    const answeredAt = new Date(serverNow()).toISOString();
    const news = isSame
      ? { ...(before ?? { revision: 0, value: null, isSaved: true, answered_at: answeredAt, epoch: this.epoch }), typed }
      : { epoch: this.epoch, revision: (before?.revision ?? 0) + 1, value, answered_at: answeredAt, isSaved: false, typed };
    // What cannot be written down here is sent all the same.
    this.book.write({ seconds, ...news, attempt: this.id, question_id: questionId }).catch(() => this.ears.unkept());
    if (isSame) return;
    this.ears.standing(questionId, "saving");
    this.pace.typed(questionId);
  }

  /** @param {string} questionId @param {{ keepalive?: boolean }} [options] */
  async send(questionId, options = {}) {
    const draft = this.book.drafts.get(questionId);
    if (!draft || draft.isSaved) return;
    const done = this.pace.begin(questionId);
    try {
      const saved = await put(`${this.path}/answers/${questionId}`, bodyOf(draft), { signal: AbortSignal.timeout(LONGEST_SAVE), ...options });
      this.pause = 1_000;
      await this.settle(draft, saved);
    } catch (error) {
      await this.failed(draft, error);
    } finally {
      done();
    }
  }

  /** Send everything that waits, now. @returns {Promise<boolean>} whether nothing waits any more */
  async flush() {
    this.pace.stop();
    await Promise.all(this.book.unsaved().map((draft) => this.send(draft.question_id)));
    return this.book.unsaved().length === 0;
  }

  /** The page may go, and its requests with it: what waits is left to the browser, as far as it takes it. The book has the rest. */
  leave() {
    let left = BEQUEST;
    for (const draft of this.book.unsaved()) {
      const size = bytesOf(draft);
      const keepalive = size <= left;
      if (keepalive) left -= size;
      this.send(draft.question_id, { keepalive });
    }
  }

  /** @param {Draft} draft @param {any} saved */
  async settle(draft, saved) {
    this.ears.deadline(saved.deadline_at);
    await this.mark(draft);
    this.ears.standing(draft.question_id, saved.standing === "late" ? "late" : "saved");
    const isOlder = saved.epoch > draft.epoch || (saved.epoch === draft.epoch && saved.revision > draft.revision);
    if (isOlder && (await this.catchUp())) this.ears.changed();
  }

  /** The server has judged this revision; what was typed since is newer. @param {Draft} draft @param {boolean} [isRefused] */
  async mark(draft, isRefused = false) {
    const present = this.book.drafts.get(draft.question_id);
    if (present?.revision === draft.revision && present.epoch === draft.epoch) await this.book.write({ ...present, isSaved: true, isRefused }).catch(() => this.ears.unkept());
  }

  /** @param {Draft} draft @param {unknown} error */
  async failed(draft, error) {
    const problem = error instanceof Problem ? error : undefined;
    if (!isPassing(error) && !isHeld(error)) {
      if (!problem) throw error;
      await this.mark(draft, true);
      this.ears.standing(draft.question_id, "refused", problem);
      return;
    }
    this.ears.standing(draft.question_id, isHeld(error) ? "held" : "offline", problem);
    const pause = problem?.retryAfter ? problem.retryAfter * 1_000 : this.pause;
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    this.pace.later(draft.question_id, pause * (0.5 + Math.random()));
  }
}

/** Somebody else has begun, or nobody can be asked: what is stored says which. @param {unknown} error */
function passOver(error) {
  if (!(error instanceof Problem) && !isPassing(error)) throw error;
}
