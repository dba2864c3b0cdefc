// What an exam left on this device: answers that never arrived are sent after all, then everything is deleted.

import { clear } from "../core/database.js";
import { disown, hasOwner } from "../core/device.js";
import { isHeld, isPassing, Problem, put } from "../core/http.js";
import { Outgoing } from "../talk/outgoing.js";
import { AnswerBook, bodyOf } from "./answer-book.js";
import { allSeats, forgetSeat } from "./seat.js";
import { withdraw } from "./shelter.js";
import { Spool } from "./spool.js";

/** Send what waits of every exam on this device, as well as it goes. */
export async function sendAll() {
  for (const { attempt } of await allSeats()) await sent(attempt);
}

/**
 * The exam is over for this device: send what waits, then forget it.
 * @param {string} attempt
 */
export async function settle(attempt) {
  if (!hasOwner() || !(await sent(attempt))) return;
  const [book, spool, outgoing] = await Promise.all([AnswerBook.open(attempt), Spool.open(attempt), Outgoing.open(attempt)]);
  await Promise.all([clear(book.database, "answer", attempt), clear(spool.database, "entry", attempt), clear(outgoing.database, "message", attempt), forgetSeat(attempt)]);
  for (const name of ["flags", "hand"]) localStorage.removeItem(`pw-${name}-${attempt}`);
  if ((await allSeats()).length) return;
  disown();
  await withdraw();
}

/**
 * The server keeps what was typed in time as late, for an admin to decide on; what it refuses it will never take.
 * @param {string} attempt
 * @returns {Promise<boolean>} whether nothing waits any more
 */
async function sent(attempt) {
  const book = await AnswerBook.open(attempt);
  for (const draft of book.unsaved()) {
    try {
      await put(`/api/corrections/attempts/${attempt}/answers/${draft.question_id}`, bodyOf(draft));
    } catch (error) {
      if (isPassing(error) || isHeld(error)) return false;
      if (!(error instanceof Problem)) throw error;
    }
    await book.write({ ...draft, isSaved: true });
  }
  return true;
}
