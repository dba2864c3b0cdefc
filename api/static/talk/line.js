// A student's line to the proctors: hears what is new within moments, and keeps trying while the network is away.

import { isPassing, Problem, Unreachable } from "../core/http.js";
import { inWords } from "../core/trouble.js";
import { Conversation } from "./conversation.js";
import { Outgoing } from "./outgoing.js";

const WAIT = 5; // seconds that one question may wait for its answer
const PAUSE = 1_000;
const LONGEST_PAUSE = 15_000;
const OVER = 30_000; // between two looks once nothing more can be said

/** @typedef {import("./conversation.js").Said} Said */
/** @typedef {{ changed: () => void, heard: (fresh: Said[]) => void }} Ears */

export class Line {
  /** @param {string} id @param {Outgoing} outgoing @param {Ears} ears */
  constructor(id, outgoing, ears) {
    this.id = id;
    this.outgoing = outgoing;
    this.ears = ears;
    this.conversation = new Conversation(id);
    this.isReached = true;
    this.isSending = false;
    this.isReading = false;
    this.isAsked = false;
    /** @type {(() => void) | null} */
    this.wake = null;
    addEventListener("online", () => this.wake?.());
  }

  /** @param {string} id @param {Ears} ears */
  static async open(id, ears) {
    const line = new Line(id, await Outgoing.open(id), ears);
    line.listen();
    return line;
  }

  /** Whether the hand was raised or lowered here and the server does not know it yet. @returns {boolean | null} */
  get wish() {
    const kept = localStorage.getItem(this.wishKey);
    return kept === null ? null : kept === "up";
  }

  get wishKey() {
    return `pw-hand-${this.id}`;
  }

  /** @param {string} text */
  async say(text) {
    await this.outgoing.add(text);
    this.ears.changed();
    await this.send();
  }

  /** @param {boolean} raised */
  async hand(raised) {
    localStorage.setItem(this.wishKey, raised ? "up" : "down");
    this.ears.changed();
    await this.send();
  }

  /** @param {string} key a message that the server will not have */
  async drop(key) {
    await this.outgoing.forget(key);
    this.ears.changed();
  }

  /** What could not be marked is marked when the next word was heard: never in a loop. */
  async read() {
    if (this.isReading || !this.isReached) return;
    this.isReading = true;
    try {
      await this.tried(() => this.conversation.read());
    } finally {
      this.isReading = false;
    }
  }

  /** Listen for as long as the page is open. */
  async listen() {
    let pause = PAUSE;
    let isFirst = true;
    for (;;) {
      const isHeard = await this.listenOnce(isFirst);
      if (isHeard) await this.send();
      isFirst = isFirst && !isHeard;
      pause = isHeard ? PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
      const isOver = this.conversation.standing?.is_open === false;
      if (!isHeard || isOver) await this.rest(isOver ? OVER : pause * (0.5 + Math.random()));
    }
  }

  /** @param {boolean} isFirst @returns {Promise<boolean>} a refusal is no reason to stop listening */
  async listenOnce(isFirst) {
    try {
      return await this.tried(() => this.hear(isFirst ? 0 : WAIT, !isFirst));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return false;
    }
  }

  /** @param {number} wait @param {boolean} isNews what was said before this page was opened is none */
  async hear(wait, isNews) {
    const fresh = await this.conversation.hear(wait);
    for (const { key } of fresh) if (key) await this.outgoing.forget(key);
    this.ears.changed();
    const theirs = fresh.filter((one) => !one.is_mine);
    if (theirs.length && isNews) this.ears.heard(theirs);
  }

  /** Send what waits, one after another; what comes in meanwhile follows. */
  async send() {
    this.isAsked = true;
    if (this.isSending) return;
    this.isSending = true;
    try {
      while (this.isAsked) {
        this.isAsked = false;
        while (this.outgoing.sendable.length) if (!(await this.sendOne(this.outgoing.sendable[0]))) break;
        await this.sendHand();
      }
    } finally {
      this.isSending = false;
      this.ears.changed();
    }
  }

  async sendHand() {
    const { wish } = this;
    if (wish === null) return;
    try {
      if (!(await this.tried(() => this.conversation.hand(wish)))) return;
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // it is over: no hand is up any more
    }
    if (this.wish === wish) localStorage.removeItem(this.wishKey);
    else this.isAsked = true;
  }

  /**
   * What the server refuses for good says why.
   * @param {import("./outgoing.js").Waiting} one
   * @returns {Promise<boolean>} whether the next one may follow
   */
  async sendOne(one) {
    try {
      const isSent = await this.tried(() => this.conversation.say(one.text, one.key));
      if (isSent) await this.outgoing.forget(one.key);
      if (isSent) await this.tried(() => this.hear(0, true));
      return isSent;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      await this.outgoing.refuse(one, inWords(error));
      return true;
    }
  }

  /**
   * @param {() => Promise<void>} work
   * @returns {Promise<boolean>} false when it failed for a passing reason
   */
  async tried(work) {
    try {
      await work();
      this.reach(true);
      return true;
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.reach(!(error instanceof Unreachable));
      return false;
    }
  }

  /** @param {boolean} isReached */
  reach(isReached) {
    if (isReached === this.isReached) return;
    this.isReached = isReached;
    this.ears.changed();
  }

  /** @param {number} milliseconds or until the network is back */
  rest(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake?.(), milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }
}
