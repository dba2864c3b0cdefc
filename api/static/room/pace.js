// How often an answer is sent: when the typing rests, but never later than a while after its first letter.

const REST = 500; // milliseconds without a letter
const LONGEST_WAIT = 2_000; // for whoever types without a rest
const STUCK = 2_000; // after which a request that is under way does not hold up the next one

export class Pace {
  /** @param {(questionId: string) => void} send */
  constructor(send) {
    this.send = send;
    /** @type {Map<string, ReturnType<typeof setTimeout>>} */
    this.timers = new Map();
    /** @type {Map<string, number>} when the oldest letter that was not sent was typed */
    this.since = new Map();
    /** @type {Map<string, number>} when the newest request under way began */
    this.begun = new Map();
  }

  /** @param {string} questionId */
  typed(questionId) {
    const now = performance.now();
    const since = this.since.get(questionId) ?? now;
    this.since.set(questionId, since);
    const free = (this.begun.get(questionId) ?? -Infinity) + STUCK;
    this.later(questionId, Math.max(Math.min(now + REST, since + LONGEST_WAIT), free) - now);
  }

  /** @param {string} questionId @param {number} milliseconds */
  later(questionId, milliseconds) {
    clearTimeout(this.timers.get(questionId));
    this.timers.set(questionId, setTimeout(() => this.send(questionId), Math.max(0, milliseconds)));
  }

  /** A request begins. @param {string} questionId @returns {() => void} it ended; what was typed meanwhile goes at once */
  begin(questionId) {
    clearTimeout(this.timers.get(questionId));
    this.since.delete(questionId);
    const now = performance.now();
    this.begun.set(questionId, now);
    return () => {
      if (this.begun.get(questionId) !== now) return;
      this.begun.delete(questionId);
      if (this.since.has(questionId)) this.typed(questionId);
    };
  }

  /** Nothing is due any more. */
  stop() {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
