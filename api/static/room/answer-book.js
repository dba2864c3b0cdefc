// The answers on this device: written down before they are sent, so that nothing typed is ever lost.

import { openDatabase, within } from "../core/database.js";

/**
 * @typedef {object} Draft
 * @property {string} attempt
 * @property {string} question_id
 * @property {number} epoch
 * @property {number} revision
 * @property {any} value null takes the answer back
 * @property {string} answered_at
 * @property {number} seconds
 * @property {boolean} isSaved
 * @property {string | null} [typed] what stands in the field, where that is no answer: kept here, never sent
 * @property {boolean} [isRefused] the server did not take it and would not: kept here until it is changed
 */

const STORE = "answer";

export class AnswerBook {
  /**
   * @param {IDBDatabase} database
   * @param {string} attempt
   * @param {Draft[]} drafts
   */
  constructor(database, attempt, drafts) {
    this.database = database;
    this.attempt = attempt;
    this.drafts = new Map(drafts.map((draft) => [draft.question_id, draft]));
  }

  /** @param {string} attempt */
  static async open(attempt) {
    const database = await openDatabase("proctorwise-answers", (made) => {
      made.createObjectStore(STORE, { keyPath: ["attempt", "question_id"] }).createIndex("attempt", "attempt");
    });
    const drafts = await within(database, STORE, "readonly", (store) => store.index("attempt").getAll(attempt));
    return new AnswerBook(database, attempt, drafts);
  }

  /** @param {string} questionId */
  valueOf(questionId) {
    return this.drafts.get(questionId)?.value ?? null;
  }

  /** What stood in the field, where that was no answer. @param {string} questionId */
  typedOf(questionId) {
    return this.drafts.get(questionId)?.typed ?? null;
  }

  /** Whether the server refused what stands here. @param {string} questionId */
  isRefused(questionId) {
    return this.drafts.get(questionId)?.isRefused ?? false;
  }

  /** Those that the server does not have yet. */
  unsaved() {
    return [...this.drafts.values()].filter((draft) => !draft.isSaved);
  }

  /** @param {Draft} draft */
  async write(draft) {
    this.drafts.set(draft.question_id, draft);
    await within(this.database, STORE, "readwrite", (store) => store.put(draft));
  }

  /**
   * Take what the server has, unless this device has something newer that was not sent.
   * @param {any[]} stored
   * @returns {Promise<boolean>} whether that changed an answer
   */
  async adopt(stored) {
    let isChanged = false;
    for (const { question_id, epoch, revision, value, answered_at } of stored) {
      const own = this.drafts.get(question_id);
      if (own && (own.isSaved && !own.isRefused ? isSame(own, epoch, revision) : isNewer(own, epoch, revision))) continue;
      isChanged = true;
      await this.write({ attempt: this.attempt, question_id, epoch, revision, value, answered_at, seconds: 0, isSaved: true });
    }
    return isChanged;
  }
}

/** @param {Draft} own @param {number} epoch @param {number} revision */
function isSame(own, epoch, revision) {
  return own.epoch === epoch && own.revision === revision;
}

/** A device that took over later wins (docs: epoch, then revision). @param {Draft} own @param {number} epoch @param {number} revision */
function isNewer(own, epoch, revision) {
  return own.epoch > epoch || (own.epoch === epoch && own.revision > revision);
}

/** How long a draft is on the wire. @param {Draft} draft */
export function bytesOf(draft) {
  return new TextEncoder().encode(JSON.stringify(bodyOf(draft))).length;
}

/**
 * What is sent of a draft.
 * @param {Draft} draft
 */
export function bodyOf({ epoch, revision, value, answered_at, seconds }) {
  return { epoch, revision, value, answered_at, seconds };
}
