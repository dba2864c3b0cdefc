// Days in the person's zone: where on the time line they begin.

import { currentZone } from "./time.js";

const DAY = 86_400_000;

/**
 * When a day begins for this person, as the interface wants it.
 * @param {string} day YYYY-MM-DD
 * @param {number} [later] so many days later
 * @returns {string | null} null for what is no day
 */
export function beginningOf(day, later = 0) {
  const guess = Date.parse(`${day}T00:00:00Z`) + later * DAY;
  if (Number.isNaN(guess)) return null;
  const nearer = guess - offsetAt(guess);
  return new Date(guess - offsetAt(nearer)).toISOString();
}

/** Milliseconds that the zone's clocks are ahead of UTC. @param {number} instant */
function offsetAt(instant) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: currentZone(), hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  });
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - Math.floor(instant / 1000) * 1000;
}
