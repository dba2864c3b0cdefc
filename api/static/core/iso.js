// ISO 8601 durations of the interface, such as PT1H30M or P30D.

const PATTERN = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/;

/**
 * Seconds of a duration. Raises for what is none.
 * @param {string} text
 */
export function secondsOf(text) {
  const match = PATTERN.exec(text);
  if (!match) throw new Error(`${text} is no duration`);
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/**
 * A duration of so many minutes.
 * @param {number} minutes
 */
export function minutesAsIso(minutes) {
  return `PT${minutes}M`;
}
