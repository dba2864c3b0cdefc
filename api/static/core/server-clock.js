// The server's time as this device can know it. It counts on the device's monotonic clock, so that nobody who sets the clock moves it, and
// each answer of the server narrows it: the server spoke after it was asked and before it was heard.

const DRIFT = 1e-4; // two clocks part by at most so much of the time that passes

/** Bounds of how far the server's clock is ahead of the monotonic one, in milliseconds. */
let low = -Infinity;
let high = Infinity;
let knownAt = 0;

/**
 * Learn from the server's time in an answer.
 * @param {string} serverTime ISO 8601
 * @param {number} askedAt by performance.now()
 */
export function learn(serverTime, askedAt) {
  const spoken = Date.parse(serverTime);
  if (!Number.isNaN(spoken)) narrow(spoken - performance.now(), spoken - askedAt);
}

/**
 * Learn from what the server says unasked: only that it was said before it is heard.
 * @param {string} serverTime ISO 8601
 */
export function hear(serverTime) {
  const spoken = Date.parse(serverTime);
  if (!Number.isNaN(spoken)) narrow(spoken - performance.now(), Infinity);
}

/** @param {number} atLeast @param {number} atMost */
function narrow(atLeast, atMost) {
  const now = performance.now();
  const apart = (now - knownAt) * DRIFT;
  knownAt = now;
  low = Math.max(low - apart, atLeast);
  high = Math.min(high + apart, atMost);
  // A device that slept may have stopped its monotonic clock too: what was known is void, and what was just heard is right.
  if (low > high) [low, high] = [atLeast, atMost];
}

/** How far the server's clock is ahead of the monotonic one. */
function ahead() {
  if (low === -Infinity) return high === Infinity ? Date.now() - performance.now() : high;
  return high === Infinity ? low : (low + high) / 2;
}

/** How far the server's clock is ahead of the one that this device shows, in milliseconds: to be kept over a reload. */
export function measured() {
  return serverNow() - Date.now();
}

/**
 * Go by what was measured before, until the server is heard.
 * @param {number} milliseconds
 */
export function recall(milliseconds) {
  if (low !== -Infinity) return;
  low = high = Date.now() - performance.now() + milliseconds;
  knownAt = performance.now();
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow() {
  return performance.now() + ahead();
}
