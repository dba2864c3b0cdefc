// What stands below the slider: incidents as bars, and the times without pictures, all at their place in the recording.

import { s } from "../dashboard/svg.js";

const WIDTH = 1000;
const HEIGHT = 14;
const GAP = 5_000; // milliseconds

/**
 * @param {import("./film.js").Film} film
 * @param {{ started_at: string, ended_at: string | null, severity: string }[]} incidents
 * @param {(at: number) => void} chosen
 */
export function strip(film, incidents, chosen) {
  const length = Math.max(1, film.end - film.begin);
  const across = (/** @type {number} */ at) => (Math.min(Math.max(at - film.begin, 0), length) / length) * WIDTH;
  const drawn = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", class: "film-strip", "aria-hidden": "true" });
  const silence = film.gap(GAP);
  film.frames.forEach((frame, place) => {
    const next = film.frames[place + 1];
    if (next && next.at - frame.at >= silence) drawn.append(s("rect", { x: across(frame.at), y: 5, width: across(next.at) - across(frame.at), height: 4, class: "gap" }));
  });
  for (const { started_at: since, ended_at: until, severity } of incidents) {
    const [from, to] = [across(Date.parse(since)), across(until ? Date.parse(until) : film.end)];
    drawn.append(s("rect", { x: from, y: 0, width: Math.max(4, to - from), height: HEIGHT, rx: 2, class: `bar ${severity}` }));
  }
  drawn.addEventListener("click", (event) => {
    const { left, width } = drawn.getBoundingClientRect();
    if (event instanceof MouseEvent && width) chosen(film.begin + ((event.clientX - left) / width) * length);
  });
  return drawn;
}
