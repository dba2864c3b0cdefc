// Exams that can be booked, each with its slots.

import { fill, h } from "../core/dom.js";
import { get, post } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { serverNow } from "../core/server-clock.js";
import { t } from "../core/text.js";
import { currentZone, dateTime, duration } from "../core/time.js";
import { secondsOf } from "../core/iso.js";
import { refusal, usedUp } from "../attempt/sitting.js";

/** @typedef {{ exam_id: string, title: string, duration: string, questions: number, points: string, attempts_allowed: number }} Exam */
/** @typedef {import("../attempt/sitting.js").Sittings} Sittings */
/** @typedef {{ slot_id: string, exam_id: string, starts_at: string, ends_at: string, seats: number, free_seats: number, waiting: number, is_bookable: boolean, ends_with_slot: boolean, missing_time: string | null }} Slot */

screen(
  async (main) => {
    const [exams, slots, sittings] = await Promise.all(["exams?limit=200&is_bookable=true", "slots?limit=200", "sittings"].map((path) => get(`/api/reservations/${path}`)));
    const bookable = slots.items.filter((/** @type {Slot} */ slot) => slot.is_bookable);
    const cards = exams.items.map((/** @type {Exam} */ exam) =>
      card(exam, bookable.filter((/** @type {Slot} */ slot) => slot.exam_id === exam.exam_id), sittings.find((/** @type {Sittings} */ one) => one.exam_id === exam.exam_id)),
    );
    const lead = h("p", { class: "quiet" }, t("booking.zone", { zone: currentZone().replaceAll("_", " ") }));
    if (cards.length) fill(content(main), lead, h("ul", { class: "cards" }, cards));
    else fill(content(main), h("p", { class: "notice" }, t("booking.empty")));
  },
  { roles: ["student"] },
);

/** @param {Exam} exam @param {Slot[]} slots @param {Sittings | undefined} sittings */
function card(exam, slots, sittings) {
  const about = t("booking.about", { duration: duration(secondsOf(exam.duration)), count: exam.questions, points: exam.points });
  const title = h("h2", {}, exam.title);
  const last = sittings?.attempts.filter((attempt) => attempt.uses_one_up).at(-1);
  if (sittings && last && !sittings.left) return h("li", { class: "card" }, title, h("p", { class: "quiet" }, about), usedUp(exam.title, last));
  const left = sittings?.used ? h("p", {}, t("booking.left", { count: sittings.left })) : null;
  const trouble = h("div", { role: "alert" });
  const rows = slots.map((slot) => row(exam, slot, trouble));
  const list = rows.length ? h("ul", { class: "rows" }, rows) : h("p", { class: "notice" }, t("booking.noSlots"));
  return h("li", { class: "card" }, title, h("p", { class: "quiet" }, about), left, trouble, list);
}

/** @param {Exam} exam @param {Slot} slot @param {HTMLElement} trouble */
function row(exam, slot, trouble) {
  const key = crypto.randomUUID();
  const when = dateTime(slot.starts_at);
  const words = slot.free_seats ? t("booking.book") : t("booking.wait");
  const mayWait = Date.parse(slot.starts_at) > serverNow();
  const button = h("button", { type: "button", "aria-label": t("booking.bookAt", { act: words, exam: exam.title, when }) }, words);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const wanted = { exam_id: exam.exam_id, slot_id: slot.slot_id, join_waiting_list: !slot.free_seats };
      const attempt = await post("/api/reservations/attempts", wanted, { key });
      location.assign(`/attempts/${attempt.attempt_id}`);
    } catch (error) {
      button.disabled = false;
      fill(trouble, refusal(error));
    }
  });
  const offer = slot.free_seats || mayWait ? button : null;
  return h("li", { class: "row" }, h("div", {}, h("time", { dateTime: slot.starts_at }, when), h("p", { class: "quiet small" }, seats(slot)), missing(slot)), offer);
}

/** An exam that ends with its slot may take time from who has extra time. @param {Slot} slot */
function missing(slot) {
  if (!slot.missing_time) return slot.ends_with_slot ? h("p", { class: "quiet small" }, t("booking.endsWithSlot")) : null;
  return h("p", { class: "notice medium" }, t("booking.missingTime", { time: duration(secondsOf(slot.missing_time)) }));
}

/** @param {Slot} slot */
function seats(slot) {
  if (slot.free_seats) return t("booking.seats", { count: slot.free_seats });
  return slot.waiting ? t("booking.waiting", { count: slot.waiting }) : t("booking.full");
}
