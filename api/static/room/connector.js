// When to ask for a ticket: one at a time, after a pause that grows, and soon when the network may be another one.

const LONGEST_PAUSE = 20_000;
const SOON = 200; // milliseconds: a network that comes back is told by several events at once

export class Connector {
  /** @param {(turn: number) => void} ask an answer to an older turn is none */
  constructor(ask) {
    this.ask = ask;
    this.turn = 0;
    this.pause = 1_000;
    this.isOver = false;
    this.askedAt = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Ask now, whatever was asked before. */
  now() {
    clearTimeout(this.timer);
    if (this.isOver) return;
    this.turn += 1;
    this.askedAt = performance.now();
    this.ask(this.turn);
  }

  soon() {
    this.in(SOON);
  }

  /** After a random delay, so that a whole room does not come back in one moment. */
  later() {
    this.in(this.pause * (0.5 + Math.random()));
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }

  /** @param {number} milliseconds */
  in(milliseconds) {
    clearTimeout(this.timer);
    if (!this.isOver) this.timer = setTimeout(() => this.now(), milliseconds);
  }

  /** It is connected. */
  done() {
    clearTimeout(this.timer);
    this.pause = 1_000;
  }

  stop() {
    clearTimeout(this.timer);
    this.isOver = true;
  }
}
