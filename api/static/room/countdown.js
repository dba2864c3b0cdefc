// The time left, shown from the server's clock; said on coming in and when 30, 10, 5 and 1 minutes are crossed, never flashing.

import { announceUrgently } from "../core/announce.js";
import { serverNow } from "../core/server-clock.js";
import { t } from "../core/text.js";
import { duration } from "../core/time.js";

const MARKS = [30, 10, 5, 1].map((minutes) => 60 * minutes);
const TICK = 500;
const NEAR = 2; // seconds after a mark in which it is said as it is; later, as after a sleep, the true time is

/**
 * @param {HTMLElement} place
 * @param {() => void} over called when this device has counted to the end: once, and once more after `again`
 */
export function countdown(place, over) {
  /** @type {number | null} */
  let deadline = null;
  /** @type {number | null} seconds that were left at the last look */
  let before = null;
  let isOver = false;
  const tick = () => {
    if (deadline === null) return;
    const seconds = Math.max(0, Math.ceil((deadline - serverNow()) / 1000));
    if (seconds > 0 || !isOver) place.textContent = t("room.left", { time: seconds >= 3_600 ? duration(seconds - (seconds % 60)) : digits(seconds) });
    const crossed = MARKS.filter((mark) => seconds <= mark && Number(before) > mark).at(-1);
    const isSaid = before === null || crossed !== undefined;
    before = seconds;
    if (isSaid && seconds > 0) announceUrgently(t("room.leftSaid", { time: duration(crossed && crossed - seconds <= NEAR ? crossed : seconds) }));
    if (seconds === 0 && !isOver) {
      isOver = true;
      over();
    }
  };
  setInterval(tick, TICK);
  return {
    tick,
    /** @param {string | null} instant */
    set(instant) {
      const next = instant ? Date.parse(instant) : null;
      if (next === deadline) return;
      if (next === null || (deadline !== null && next > deadline)) isOver = false;
      // More time is said where it is given; what was crossed before is crossed again.
      before = next === null || before === null ? null : Infinity;
      deadline = next;
      tick();
    },
    again() {
      isOver = false;
      tick();
    },
  };
}

/** @param {number} seconds */
function digits(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
