// The student's seat as this device keeps it: paper, clock and place, so that a reload without network comes back into the room.

import { loadBriefing, loadLiveAttempt } from "../attempt/attempt.js";
import { openDatabase, within } from "../core/database.js";
import { own } from "../core/device.js";
import { get, isAway } from "../core/http.js";
import { measured, recall } from "../core/server-clock.js";

/** @typedef {import("../attempt/attempt.js").Attempt} Attempt */
/** @typedef {import("../core/screen.js").Person} Person */

/**
 * @typedef {object} Kept
 * @property {string} attempt
 * @property {Person} person without name and address
 * @property {number} ahead of the server's clock, in milliseconds
 * @property {Attempt} [state]
 * @property {string} [title]
 * @property {any} [paper]
 * @property {number} [epoch] of this device's answers
 */

const STORE = "seat";
const PATIENCE = 4_000;

function openSeats() {
  return openDatabase("proctorwise-seat", (made) => made.createObjectStore(STORE, { keyPath: "attempt" }));
}

/** @returns {Promise<Kept[]>} */
export async function allSeats() {
  return within(await openSeats(), STORE, "readonly", (store) => store.getAll());
}

/** @param {string} attempt */
export async function forgetSeat(attempt) {
  await within(await openSeats(), STORE, "readwrite", (store) => store.delete(attempt));
}

/**
 * Who sits here by what is kept; asked for when the server cannot be.
 * @param {string} attempt
 * @returns {Promise<Person | null>}
 */
export async function sitter(attempt) {
  const kept = await within(await openSeats(), STORE, "readonly", (store) => store.get(attempt));
  return kept?.person ?? null;
}

export class Seat {
  /** @param {IDBDatabase} database @param {Kept} kept @param {boolean} isAlone nobody could be asked who is here */
  constructor(database, kept, isAlone) {
    this.database = database;
    this.kept = kept;
    this.isAlone = isAlone;
  }

  /** @param {string} attempt @param {Person} me */
  static async open(attempt, me) {
    const database = await openSeats();
    /** @type {Kept | undefined} */
    const found = await within(database, STORE, "readonly", (store) => store.get(attempt));
    const isAlone = !me.email;
    if (isAlone && found) recall(found.ahead);
    const person = { ...me, email: "", display_name: "", student_number: "" };
    return new Seat(database, { attempt, ahead: measured(), ...found, person }, isAlone);
  }

  /** @param {Partial<Kept>} news */
  async keep(news) {
    own(this.kept.person.person_id);
    Object.assign(this.kept, news, { ahead: measured() });
    await within(this.database, STORE, "readwrite", (store) => store.put(this.kept));
  }

  /**
   * The attempt and the exam's title: the server's, else those kept. Raises Problem and Unreachable.
   * @returns {Promise<{ state: Attempt, title: string }>}
   */
  async standing() {
    const { attempt } = this.kept;
    const [state, briefing] = await this.fresh(
      () => Promise.all([loadLiveAttempt(attempt), loadBriefing(attempt)]),
      () => this.kept.state && [this.kept.state, { exam_title: this.kept.title }],
    );
    return { state, title: briefing.exam_title };
  }

  /** The paper, which stays the same for an attempt. Raises Problem and Unreachable. @returns {Promise<any>} */
  async paper() {
    const options = this.kept.paper ? { signal: AbortSignal.timeout(PATIENCE) } : {};
    const paper = await this.fresh(() => get(`/api/corrections/attempts/${this.kept.attempt}/paper`, options), () => this.kept.paper);
    await this.keep({ paper });
    return paper;
  }

  /**
   * @param {() => Promise<any>} ask
   * @param {() => any} recalled
   */
  async fresh(ask, recalled) {
    if (this.isAlone && recalled()) return recalled();
    try {
      return await ask();
    } catch (error) {
      const known = isAway(error) ? recalled() : null;
      if (known) return known;
      throw error;
    }
  }
}
