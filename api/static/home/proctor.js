// A proctor's start: the slots that run now and come next, with who waits and what nobody has seen.

import { get } from "../core/http.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { both, duration, relative } from "../core/time.js";
import { due, lines } from "./due.js";

/** @typedef {{ slot_id: string, exam_title: string, starts_at: string, ends_at: string, booked: number, waiting: number, writing: number, hands: number, unseen: number, behind: number, behind_seconds: number }} Slot */

const SOON = 24 * 3_600_000;
const AGAIN = 15_000;
const NEXT = 3; // where none begins soon, so many are shown nevertheless

export function proctorDesk() {
  return due("watch", async () => {
    const { slots } = /** @type {{ slots: Slot[] }} */ (await get("/api/monitoring/desk"));
    const now = Date.now();
    const near = slots.filter((slot, place) => place < NEXT || Date.parse(slot.starts_at) - now < SOON);
    return lines(near.sort((a, b) => weight(b, now) - weight(a, now)).map(line), t("home.watch.none"));
  }, AGAIN);
}

/** Incidents that nobody saw, then people who wait, then what runs; the soonest of the others. @param {Slot} slot @param {number} now */
function weight(slot, now) {
  const runs = Date.parse(slot.starts_at) <= now;
  return Number(slot.unseen > 0) * 8 + Number(slot.hands > 0) * 4 + Number(slot.waiting > 0) * 2 + Number(runs);
}

/** @param {Slot} slot */
function line(slot) {
  const runs = Date.parse(slot.starts_at) <= Date.now();
  const wants = [
    slot.unseen > 0 && status("critical", t("home.watch.unseen", { count: slot.unseen })),
    slot.hands > 0 && status("high", t("home.watch.hands", { count: slot.hands })),
    slot.behind > 0 && status("high", t("home.watch.behind", { count: slot.behind, duration: duration(slot.behind_seconds) })),
    slot.waiting > 0 && status("medium", t("home.watch.waiting", { count: slot.waiting })),
  ].filter(Boolean);
  const calm = runs ? status("good", t("home.watch.runs")) : status("waiting", relative(slot.starts_at));
  const numbers = t("home.watch.numbers", { writing: slot.writing, booked: slot.booked });
  const when = runs ? t("home.watch.until", { at: both(slot.ends_at) }) : t("home.watch.begins", { at: both(slot.starts_at) });
  return { href: `/wall/${slot.slot_id}`, title: slot.exam_title, state: wants.length ? wants.flatMap((want) => [want, " "]) : calm, detail: `${when} ${numbers}` };
}
