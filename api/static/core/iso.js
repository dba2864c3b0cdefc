// ISO 8601 durations of the interface, such as PT1H30M or P30D.

const PATTERN = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/;
// The interface writes 365 days as a year, and never a month.
const SECONDS = [365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3_600, 60, 1];

/**
 * Seconds of a duration. Raises for what is none.
 * @param {string} text
 */
export function secondsOf(text) {
  const match = PATTERN.exec(text);
  if (!match) throw new Error(`${text} is no duration`);
  return SECONDS.reduce((sum, unit, place) => sum + unit * Number(match[place + 1] ?? 0), 0);
}

/**
 * A duration of so many minutes.
 * @param {number} minutes
 */
export function minutesAsIso(minutes) {
  return `PT${minutes}M`;
}
