// The time of an attempt in the room: shown and counted down here, ended by the server alone.

import { loadLiveAttempt } from "../attempt/attempt.js";
import { isPassing } from "../core/http.js";
import { serverNow } from "../core/server-clock.js";
import { t } from "../core/text.js";
import { countdown } from "./countdown.js";

/** @typedef {import("../attempt/attempt.js").Attempt} Attempt */

const PATIENCE = 8_000;
const RETRY = 3_000;

/**
 * @typedef {object} Ears
 * @property {(instant: string) => void} more the exam ends later than was known
 * @property {(attempt: Attempt) => Promise<void>} heard what the server said when it was asked
 * @property {() => void} up the server agrees that the time is over
 * @property {(isUnknown: boolean) => void} unknown whether it is over by this device's count and nobody can be asked
 */

export class TimeLeft {
  /** @param {string} id the attempt @param {HTMLElement} place @param {Ears} ears */
  constructor(id, place, ears) {
    this.id = id;
    this.place = place;
    this.ears = ears;
    this.deadline = "";
    this.isUp = false;
    this.isOver = false;
    this.clock = countdown(place, () => this.ask());
  }

  /** @param {string | null} instant */
  tell(instant) {
    if (!instant) return;
    const later = this.deadline ? Date.parse(instant) - Date.parse(this.deadline) : 0;
    if (later > 1_000) this.ears.more(instant);
    if (later > 0) {
      this.isUp = false;
      this.ears.unknown(false);
    }
    this.deadline = instant;
    this.clock.set(instant);
  }

  /** The clock stands, or nothing is counted here any more. @param {string} [words] */
  stand(words) {
    this.clock.set(null);
    if (words) this.place.textContent = words;
  }

  stop() {
    this.isOver = true;
    this.stand();
  }

  /** By this device's count the time is over: the server is asked before anybody is told so. */
  async ask() {
    if (this.isOver) return;
    this.place.textContent = t("room.asking");
    try {
      const attempt = await loadLiveAttempt(this.id, { signal: AbortSignal.timeout(PATIENCE) });
      this.ears.unknown(false);
      await this.ears.heard(attempt);
      if (attempt.phase !== "in_progress") return;
      if (serverNow() < Date.parse(attempt.deadline_at ?? "")) return this.clock.again();
      this.isUp = true;
      this.place.textContent = t("room.left", { time: "0:00" });
      this.ears.up();
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.place.textContent = t("room.left", { time: "0:00" });
      this.ears.unknown(true);
      setTimeout(() => this.clock.again(), RETRY);
    }
  }
}
