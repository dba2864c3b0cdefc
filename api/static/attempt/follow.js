// Follows an attempt: asks again after a while, ever more calmly, and at once when something was said or done.

import { loadAttempt } from "./attempt.js";

const PAUSE = 2_000;
const PATIENCE = 10_000; // a network that swallows everything never says so, and the next look may go another way

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
  let looks = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const look = async () => {
    clearTimeout(timer);
    looks += 1;
    const mine = looks; // a look that was asked for meanwhile takes over
    try {
      const attempt = await loadAttempt(id, { signal: AbortSignal.timeout(PATIENCE) });
      const stamp = JSON.stringify(attempt);
      if (stamp !== last && !isOver && mine === looks) {
        last = stamp;
        await seen(attempt);
      }
    } catch (error) {
      failed(error);
    }
    if (!isOver && mine === looks) timer = setTimeout(look, PAUSE);
  };
  timer = setTimeout(look, PAUSE);
  const stop = () => {
    isOver = true;
    clearTimeout(timer);
  };
  return { now: look, stop };
}
