// The slots of an exam: those that there are, and one more.

import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { remembered } from "../core/focus.js";
import { form } from "../core/form.js";
import { get, post, put } from "../core/http.js";
import { t } from "../core/text.js";
import { currentZone, dateTime } from "../core/time.js";

/** @param {string} examId */
export function slotSection(examId) {
  const list = h("ul", { class: "rows" });
  const load = async () => {
    const { items } = await get(`/api/reservations/slots?exam_id=${examId}&limit=200`);
    const rows = items.map((/** @type {Slot} */ slot) => row(slot, load));
    const back = remembered(list);
    fill(list, rows.length ? rows : h("li", { class: "quiet" }, t("authoring.slot.none")));
    back();
  };
  load();
  const add = form({
    fields: [
      { name: "starts_at", label: t("authoring.slot.starts"), hint: t("authoring.slot.zone", { zone: Intl.DateTimeFormat().resolvedOptions().timeZone }), type: "datetime-local" },
      { name: "minutes", label: t("authoring.slot.minutes"), type: "number", value: "120", more: { min: 1 } },
      { name: "seats", label: t("authoring.slot.seats"), type: "number", value: "30", more: { min: 1 } },
    ],
    submit: t("authoring.slot.add"),
    send: async ({ starts_at: starts, minutes, seats }) => {
      // The field's time is the device's own; the interface wants an instant.
      const begin = new Date(starts);
      const end = new Date(begin.getTime() + Number(minutes) * 60_000);
      await post("/api/reservations/slots", { exam_id: examId, starts_at: begin.toISOString(), ends_at: end.toISOString(), seats: Number(seats) });
      await load();
    },
  });
  return h("section", {}, h("h2", { id: "slots", tabIndex: -1 }, t("authoring.slot.title")), h("p", { class: "quiet" }, t("authoring.slot.shown", { zone: currentZone() })), list, h("details", {}, h("summary", {}, t("authoring.slot.add")), add));
}

/** @typedef {{ slot_id: string, starts_at: string, seats: number, free_seats: number, waiting: number }} Slot */

/** @param {Slot} slot @param {() => Promise<void>} load */
function row(slot, load) {
  const time = dateTime(slot.starts_at);
  const label = t("authoring.slot.change");
  const taken = t("authoring.slot.taken", { taken: slot.seats - slot.free_seats, count: slot.seats });
  return h(
    "li",
    { class: "row" },
    h("time", { dateTime: slot.starts_at }, time),
    h(
      "div",
      { class: "row-actions" },
      h("span", { class: "quiet" }, taken, slot.waiting ? `, ${t("authoring.slot.waiting", { count: slot.waiting })}` : null),
      h("button", { type: "button", "aria-label": `${label}: ${time}`, onClick: () => change(slot, load) }, label),
    ),
  );
}

/** @param {Slot} slot @param {() => Promise<void>} load */
async function change(slot, load) {
  const isDone = await confirmed({
    title: t("authoring.slot.change"),
    text: t("authoring.slot.changed"),
    confirm: t("authoring.slot.save"),
    fields: [{ name: "seats", label: t("authoring.slot.seats"), type: "number", value: String(slot.seats), more: { min: 1 } }],
    act: async ({ seats }) => {
      await put(`/api/reservations/slots/${slot.slot_id}/seats`, { seats: Number(seats) });
    },
  });
  if (isDone) await load();
}
