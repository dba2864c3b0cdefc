// Messages that wait on this device until the server has them: written offline, kept over a reload, sent in order.

import { openDatabase, within } from "../core/database.js";

/**
 * @typedef {object} Waiting
 * @property {string} key the same for every try
 * @property {string} attempt
 * @property {string} text
 * @property {number} at milliseconds of this device, for their order
 * @property {string} trouble why the server will not have it; empty while it may
 */

const STORE = "message";

export class Outgoing {
  /** @param {IDBDatabase} database @param {string} attempt @param {Waiting[]} waiting */
  constructor(database, attempt, waiting) {
    this.database = database;
    this.attempt = attempt;
    this.waiting = waiting.sort((a, b) => a.at - b.at);
  }

  /** @param {string} attempt */
  static async open(attempt) {
    const database = await openDatabase("proctorwise-talk", (made) => {
      made.createObjectStore(STORE, { keyPath: "key" }).createIndex("attempt", "attempt");
    });
    const found = await within(database, STORE, "readonly", (store) => store.index("attempt").getAll(attempt));
    return new Outgoing(database, attempt, found);
  }

  /** Those that may still be sent, oldest first. */
  get sendable() {
    return this.waiting.filter((one) => !one.trouble);
  }

  /** @param {string} text */
  async add(text) {
    /** @type {Waiting} */
    const one = { key: crypto.randomUUID(), attempt: this.attempt, text, at: Date.now(), trouble: "" };
    this.waiting.push(one);
    await within(this.database, STORE, "readwrite", (store) => store.put(one));
  }

  /** @param {Waiting} one @param {string} trouble */
  async refuse(one, trouble) {
    one.trouble = trouble;
    await within(this.database, STORE, "readwrite", (store) => store.put(one));
  }

  /** @param {string} key */
  async forget(key) {
    this.waiting = this.waiting.filter((one) => one.key !== key);
    await within(this.database, STORE, "readwrite", (store) => store.delete(key));
  }
}
