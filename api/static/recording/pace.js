// The time of a recording while it plays: frames come at their own times, faster where one wants, and long gaps are passed over.

const TICK = 100; // milliseconds
const GAP = 5_000; // without a picture, from which on it is said
const PASSED_OVER = 10_000;
const LOOK = 2_000; // at a gap, before it is passed over

export const SPEEDS = [1, 2, 4, 8, 16];

export class Pace {
  speed = 1;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #running;
  #last = 0;
  #until = Infinity;

  /**
   * @param {import("./film.js").Film} film
   * @param {(at: number) => Promise<void>} show settles once the picture of the moment is there
   * @param {() => void} changed whether it plays
   */
  constructor(film, show, changed) {
    this.film = film;
    this.at = film.begin;
    this.silence = film.gap(GAP);
    this.isWaiting = false;
    this.show = show;
    this.changed = changed;
  }

  get isPlaying() {
    return this.#running !== undefined;
  }

  /** From where it is; from the beginning at the end. @param {number} [until] milliseconds since 1970 */
  play(until = Infinity) {
    this.stop();
    if (this.at >= this.film.end) this.at = this.film.begin;
    [this.#until, this.#last] = [until, performance.now()];
    this.#running = setInterval(() => this.#tick(), TICK);
    this.changed();
  }

  stop() {
    clearInterval(this.#running);
    this.#running = undefined;
    this.changed();
  }

  /** Go to a moment. @param {number} at */
  async seek(at) {
    this.at = Math.min(Math.max(at, this.film.begin), this.film.end);
    this.isWaiting = true;
    await this.show(this.at);
    this.isWaiting = false;
    this.#last = performance.now();
  }

  /** How long nothing was sent around a moment, in milliseconds; 0 where pictures follow each other. @param {number} at */
  gapAt(at) {
    const place = this.film.placeAt(at);
    const [here, next] = [this.film.frames[place], this.film.frames[place + 1]];
    const gap = here && next ? next.at - here.at : 0;
    return gap >= this.silence && at - here.at >= LOOK ? gap : 0;
  }

  #tick() {
    const now = performance.now();
    if (this.isWaiting) return void (this.#last = now); // a picture on its way holds the time up
    let at = this.at + (now - this.#last) * this.speed;
    this.#last = now;
    const place = this.film.placeAt(at);
    const [here, next] = [this.film.frames[place], this.film.frames[place + 1]];
    if (next && next.at - here.at > Math.max(PASSED_OVER, this.silence) && at - here.at > LOOK * this.speed) at = next.at;
    const end = Math.min(this.film.end, this.#until);
    void this.seek(Math.min(at, end));
    if (at >= end) this.stop();
  }
}
