// The time left, shown from the server's clock; said at 30, 10, 5 and 1 minutes, never flashing.

import { announceUrgently } from "../core/announce.js";
import { serverNow } from "../core/server-clock.js";
import { t } from "../core/text.js";
import { duration } from "../core/time.js";

const SAID_AT = [30, 10, 5, 1];

/**
 * @param {HTMLElement} place
 * @param {() => void} over called once, when the time is up
 */
export function countdown(place, over) {
  /** @type {number | null} */
  let deadline = null;
  let isOver = false;
  let said = Infinity;
  const tick = () => {
    if (deadline === null) return;
    const seconds = Math.max(0, Math.ceil((deadline - serverNow()) / 1000));
    place.textContent = seconds >= 3_600 ? t("room.left", { time: duration(seconds - (seconds % 60)) }) : t("room.left", { time: digits(seconds) });
    const due = SAID_AT.filter((minutes) => seconds <= minutes * 60).at(-1);
    if (due !== undefined && due < said && seconds > 0) {
      // On coming back late only the last of several is said.
      said = due;
      announceUrgently(t("room.leftSaid", { time: duration(due * 60) }));
    }
    if (seconds === 0 && !isOver) {
      isOver = true;
      over();
    }
  };
  setInterval(tick, 500);
  return {
    /** @param {string | null} instant */
    set(instant) {
      const next = instant ? Date.parse(instant) : null;
      if (next === deadline) return;
      if (next !== null && deadline !== null && next > deadline) {
        said = Infinity;
        isOver = false;
      }
      deadline = next;
      tick();
    },
  };
}

/** @param {number} seconds */
function digits(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
