// The attempts that are chosen, to do one thing to all of them.

/** @typedef {import("./order.js").Tile} Tile */

export class Selection {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    /** @type {Set<string>} */
    this.chosen = new Set();
    this.last = "";
  }

  /** @param {string} attempt */
  has(attempt) {
    return this.chosen.has(attempt);
  }

  /** The chosen ones among these. @param {Tile[]} tiles */
  of(tiles) {
    return tiles.filter((tile) => this.chosen.has(tile.attempt_id));
  }

  /**
   * Choose one or leave it out; with `isRange` all between the last one and this.
   * @param {string} attempt
   * @param {boolean} isChosen
   * @param {boolean} isRange
   * @param {string[]} order the attempts as they stand
   */
  set(attempt, isChosen, isRange, order) {
    const [from, to] = [order.indexOf(this.last), order.indexOf(attempt)].sort((a, b) => a - b);
    const affected = isRange && from >= 0 ? order.slice(from, to + 1) : [attempt];
    for (const one of affected) {
      if (isChosen) this.chosen.add(one);
      else this.chosen.delete(one);
    }
    this.last = attempt;
    this.changed();
  }

  /** @param {string[]} attempts */
  add(attempts) {
    for (const one of attempts) this.chosen.add(one);
    this.changed();
  }

  clear() {
    this.chosen.clear();
    this.changed();
  }
}
