// Scales of charts: round steps of an axis, and which labels have room beside each other.

/**
 * Round numbers from nought to at least the largest value; whole ones, as everything counted here is.
 * @param {number} largest
 * @param {number} [most] steps
 * @returns {number[]}
 */
export function steps(largest, most = 4) {
  const rough = Math.max(1, largest) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? 10 * power);
  const count = Math.max(1, Math.ceil(largest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, place) => place * step);
}

/**
 * Every how many-th label is shown so that none touches the next.
 * @param {number} room between two marks
 * @param {number} widest label
 */
export function stride(room, widest) {
  return Math.max(1, Math.ceil(widest / Math.max(1, room)));
}

/**
 * Places of the runs of values that are missing.
 * @param {boolean[]} missing
 * @returns {[number, number][]} first and last place of each run
 */
export function runs(missing) {
  /** @type {[number, number][]} */
  const found = [];
  missing.forEach((is, place) => {
    const last = found.at(-1);
    if (is && last && last[1] === place - 1) last[1] = place;
    else if (is) found.push([place, place]);
  });
  return found;
}
