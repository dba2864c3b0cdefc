// The same message to all selected students, with the delivery to each shown.

import { h } from "../core/dom.js";
import { confirmed } from "../core/dialog.js";
import { post } from "../core/http.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";

/** @typedef {{ attempt_id: string, student_name: string }} Subject */
/** @typedef {{ attempt_id: string, is_delivered: boolean, detail: string | null }} Delivery */

const MOST = 200; // attempts that one request may name

/**
 * A button that asks for the text and sends it to all of these.
 * @param {Subject[]} subjects
 * @param {() => void} done
 */
export function tellButton(subjects, done) {
  return h("button", { type: "button", onClick: () => tell(subjects, done) }, t("talk.several.act"));
}

/** @param {Subject[]} subjects @param {() => void} done */
async function tell(subjects, done) {
  /** @type {Map<string, string>} one for each part and text, so that a second try sends none twice */
  const keys = new Map();
  /** @type {Delivery[]} */
  const deliveries = [];
  const isSent = await confirmed({
    title: t("talk.several.title", { count: subjects.length }),
    text: subjects.map((each) => each.student_name).join(", "),
    confirm: t("talk.send"),
    fields: [{ name: "text", label: t("talk.several.text"), type: "textarea", more: { maxLength: 1_000, rows: 4 } }],
    act: async ({ text }) => {
      for (let start = deliveries.length; start < subjects.length; start = deliveries.length) {
        const attempt_ids = subjects.slice(start, start + MOST).map((each) => each.attempt_id);
        const key = keys.get(`${start} ${text}`) ?? crypto.randomUUID();
        keys.set(`${start} ${text}`, key);
        const { items } = await post("/api/monitoring/messages", { attempt_ids, text }, { key });
        deliveries.push(...items);
      }
    },
  });
  if (isSent) await showDeliveries(subjects, deliveries);
  done();
}

/** @param {Subject[]} subjects @param {Delivery[]} deliveries */
function showDeliveries(subjects, deliveries) {
  const names = new Map(subjects.map((each) => [each.attempt_id, each.student_name]));
  const rows = deliveries.map((one) => {
    const word = one.is_delivered ? status("good", t("talk.several.delivered")) : status("critical", one.detail ?? "");
    return h("li", { class: "row" }, h("span", {}, names.get(one.attempt_id) ?? ""), h("span", {}, word));
  });
  return new Promise((resolve) => {
    const close = h("button", { type: "button", onClick: () => dialog.close() }, t("talk.close"));
    const dialog = h("dialog", { "aria-labelledby": "deliveries-title" }, h("h2", { id: "deliveries-title" }, t("talk.several.act")), h("ul", { class: "rows" }, rows), h("div", { class: "actions" }, close));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(undefined);
    });
    document.body.append(dialog);
    dialog.showModal();
    close.focus();
  });
}
