// What the camera and the browser recorded and the server has not acknowledged yet: bounded, and kept over a reload.

import { openDatabase, within } from "../core/database.js";

/**
 * @typedef {object} Entry
 * @property {number} [id] order on this device
 * @property {string} attempt
 * @property {string} stream empty until it was sent once
 * @property {number} seq
 * @property {number} at milliseconds, server time
 * @property {ArrayBuffer | { kind: string, detail: string }} body a JPEG or a browser event
 * @property {number} [track] of a picture: the camera's where it does not say
 */

const STORE = "entry";

export class Spool {
  /**
   * @param {IDBDatabase} database
   * @param {string} attempt
   * @param {Entry[]} entries
   */
  constructor(database, attempt, entries) {
    this.database = database;
    this.attempt = attempt;
    /** @type {Map<number, Entry>} in the order they were recorded */
    this.entries = new Map(entries.map((entry) => [Number(entry.id), entry]));
  }

  /** @param {string} attempt */
  static async open(attempt) {
    const database = await openDatabase("proctorwise-stream", (made) => {
      made.createObjectStore(STORE, { keyPath: "id", autoIncrement: true }).createIndex("attempt", "attempt");
    });
    const found = await within(database, STORE, "readonly", (store) => store.index("attempt").getAll(attempt));
    return new Spool(database, attempt, found);
  }

  /**
   * @param {number} at
   * @param {Entry["body"]} body
   * @param {{ stream: string, seq: number }} name empty while it cannot be sent at once
   * @param {number} [track]
   * @returns {Promise<Entry>}
   */
  async add(at, body, name, track) {
    /** @type {Entry} */
    const entry = { attempt: this.attempt, ...name, at, body, track };
    entry.id = Number(await within(this.database, STORE, "readwrite", (store) => store.add(entry)));
    this.entries.set(entry.id, entry);
    return entry;
  }

  /** @param {Entry} entry whose stream and seq are known now */
  async keep(entry) {
    await within(this.database, STORE, "readwrite", (store) => store.put(entry));
  }

  /** @param {string} stream @param {number} seq */
  async forget(stream, seq) {
    for (const [id, entry] of this.entries) {
      if (entry.stream !== stream || entry.seq !== seq) continue;
      this.entries.delete(id);
      await within(this.database, STORE, "readwrite", (store) => store.delete(id));
      return;
    }
  }

  /** All that wait, oldest first. */
  waiting() {
    return [...this.entries.values()];
  }
}
