// An author's start: exams that lack something, drafts, and those that come next.

import { get } from "../core/http.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { both, relative } from "../core/time.js";
import { due, lines } from "./due.js";

/** @typedef {{ exam_id: string, title: string, need: "publication" | "slot" | "finishing" | "nothing", starts_at: string | null, ends_at: string | null, seats: number, seats_taken: number, updated_at: string }} Exam */

const TONES = /** @type {const} */ ({ publication: "high", slot: "medium", finishing: "plain", nothing: "good" });
const MOST = 12;

export function authorDesk() {
  return due("write", async () => {
    const { exams } = /** @type {{ exams: Exam[] }} */ (await get("/api/reservations/desk/author"));
    return lines(exams.slice(0, MOST).map(line), t("home.write.none"));
  });
}

/** @param {Exam} exam */
function hour({ starts_at: starts, ends_at: ends, updated_at: changed }) {
  if (!starts || !ends) return t("home.write.changed", { when: relative(changed) });
  return Date.parse(starts) <= Date.now() ? t("home.write.runs", { at: both(ends) }) : t("home.write.begins", { at: both(starts) });
}

/** @param {Exam} exam */
function line(exam) {
  const begins = hour(exam);
  const seats = exam.seats ? t("home.write.seats", { taken: exam.seats_taken, seats: exam.seats }) : "";
  return { href: `/authoring/${exam.exam_id}`, title: exam.title, state: status(TONES[exam.need], t(`home.write.need.${exam.need}`)), detail: `${begins} ${seats}` };
}
