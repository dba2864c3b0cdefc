// The slots of an exam: those that there are, and one more.

import { fill, h } from "../core/dom.js";
import { form } from "../core/form.js";
import { get, post } from "../core/http.js";
import { t } from "../core/text.js";
import { currentZone, dateTime } from "../core/time.js";

/** @param {string} examId */
export function slotSection(examId) {
  const list = h("ul", { class: "rows" });
  const load = async () => {
    const { items } = await get(`/api/reservations/slots?exam_id=${examId}&limit=200`);
    const rows = items.map((/** @type {any} */ slot) =>
      h("li", { class: "row" }, h("time", { dateTime: slot.starts_at }, dateTime(slot.starts_at)), h("span", { class: "quiet" }, t("authoring.slot.taken", { taken: slot.seats - slot.free_seats, count: slot.seats }))),
    );
    fill(list, rows.length ? rows : h("li", { class: "quiet" }, t("authoring.slot.none")));
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
