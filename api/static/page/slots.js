// Slots to watch: those that run or come next.

import { fill, h } from "../core/dom.js";
import { listing } from "../core/listing.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { both } from "../core/time.js";

/** @typedef {{ slot_id: string, exam_title: string, starts_at: string, ends_at: string, seats: number, free_seats: number, waiting: number }} Slot */

screen(
  (main) => {
    const list = h("ul", { class: "cards" });
    fill(
      content(main),
      listing({ path: "/api/reservations/slots?limit=100", list, row: (/** @type {Slot} */ slot) => card(slot), empty: () => h("p", { class: "notice" }, t("wall.noSlots")) }),
    );
  },
  { roles: ["proctor", "admin"] },
);

/** @param {Slot} slot */
function card(slot) {
  const now = Date.now();
  const isRunning = Date.parse(slot.starts_at) <= now;
  return h(
    "li",
    { class: "card" },
    h("h2", {}, h("a", { href: `/wall/${slot.slot_id}` }, slot.exam_title)),
    h("p", {}, isRunning ? status("good", t("wall.runs")) : status("waiting", t("wall.comes")), " ", t(isRunning ? "wall.slotBegan" : "wall.slotTime", { starts: both(slot.starts_at) })),
    h("p", { class: "quiet" }, t("wall.booked", { count: slot.seats - slot.free_seats }), slot.waiting ? `, ${t("wall.queued", { count: slot.waiting })}` : null),
  );
}
