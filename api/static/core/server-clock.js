// The server's time as this device can know it: the difference is measured with each answer, half the way there.

let ahead = 0;

/**
 * Learn from an answer's `server_time`.
 * @param {string} serverTime ISO 8601
 * @param {number} askedAt milliseconds of this device when it was asked; now without it
 */
export function learn(serverTime, askedAt = Date.now()) {
  const received = Date.now();
  ahead = new Date(serverTime).getTime() - (askedAt + received) / 2;
}

/** How far the server's clock is ahead of this device's, in milliseconds. */
export function measured() {
  return ahead;
}

/**
 * Go by what was measured before, where nobody can be asked.
 * @param {number} milliseconds
 */
export function recall(milliseconds) {
  ahead = milliseconds;
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow() {
  return Date.now() + ahead;
}
