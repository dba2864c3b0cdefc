// Follows an attempt: asks again after a while, ever more calmly, and at once when something was said or done.

import { loadAttempt } from "./attempt.js";

const PAUSE = 2_000;

/**
 * Calls `seen` with the attempt whenever it has changed, from now on.
 * @param {string} id
 * @param {(attempt: import("./attempt.js").Attempt) => void | Promise<void>} seen
 * @param {(error: unknown) => void} [failed]
 * @returns {{ now: () => Promise<void>, stop: () => void }}
 */
export function follow(id, seen, failed = () => undefined) {
  let last = "";
  let isOver = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const look = async () => {
    clearTimeout(timer);
    try {
      const attempt = await loadAttempt(id);
      const stamp = JSON.stringify(attempt);
      if (stamp !== last && !isOver) {
        last = stamp;
        await seen(attempt);
      }
    } catch (error) {
      failed(error);
    }
    if (!isOver) timer = setTimeout(look, PAUSE);
  };
  timer = setTimeout(look, PAUSE);
  const stop = () => {
    isOver = true;
    clearTimeout(timer);
  };
  return { now: look, stop };
}
