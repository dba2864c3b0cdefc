// The student's sittings of this exam: what is used up, which one counts, and a further one with a reason.

import { confirmed } from "../core/dialog.js";
import { h } from "../core/dom.js";
import { get, post } from "../core/http.js";
import { t } from "../core/text.js";
import { dateTime, shortDateTime } from "../core/time.js";
import { phase } from "../search/standing.js";
import { table } from "./table.js";

/** @typedef {import("../attempt/sitting.js").Sitting} Sitting */
/** @typedef {{ attempt_id: string, reason: string, given_by_name: string, given_at: string }} Further */
/** @typedef {{ exam_id: string, used: number, left: number, attempts_allowed: number, attempts: Sitting[], further: Further[] }} Sittings */

/** @param {import("./course.js").AttemptRecord} record @param {() => void} again */
export function sittings({ attempt, sittings }, again) {
  if (!sittings) return null;
  const { used, left, attempts_allowed: allowed, attempts, further } = sittings;
  const rows = attempts.map((one) => [
    one.attempt_id === attempt.attempt_id ? t("record.sitting.this") : h("a", { href: `/attempts/${one.attempt_id}/record` }, one.started_at ? shortDateTime(one.started_at) : "–"),
    phase(one.phase),
    one.submitted_at ? dateTime(one.submitted_at) : "",
    one.counts === null ? "" : t(one.counts ? "record.sitting.counts" : "record.sitting.countsNot"),
  ]);
  const given = further.map((one) =>
    h("p", {}, t("record.sitting.given", { name: one.given_by_name || t("record.sitting.somebody"), at: dateTime(one.given_at), reason: one.reason })),
  );
  const isGiven = further.some((one) => one.attempt_id === attempt.attempt_id);
  const isUsed = attempts.some((one) => one.attempt_id === attempt.attempt_id && one.uses_one_up);
  const act = h("button", { type: "button", data: { stop: "sitting" }, onClick: () => void give(attempt.attempt_id, again) }, t("record.sitting.act"));
  return [
    h("p", {}, t("record.sitting.used", { used, allowed })),
    table(t("record.section.sittings"), ["attempt", "state", "handedIn", "counts"].map((name) => t(`record.sitting.head.${name}`)), rows),
    given,
    isUsed && !isGiven && !left ? h("div", { class: "actions" }, act) : null,
  ];
}

/** @param {string} id @param {() => void} again */
async function give(id, again) {
  const key = crypto.randomUUID();
  const asked = await get(`/api/reservations/attempts/${id}/further-sitting`);
  const isDone = await confirmed({
    title: t("record.sitting.title"),
    text: [t("record.sitting.text"), asked.has_seen_right_answers && t("record.sitting.seen")].filter(Boolean).join(" "),
    confirm: t("record.sitting.act"),
    fields: [{ name: "reason", label: t("record.sitting.reason"), hint: t("record.sitting.reasonHint"), type: "textarea", more: { maxLength: 4_000 } }],
    act: async ({ reason }) => void (await post(`/api/reservations/attempts/${id}/further-sitting`, { reason }, { key })),
  });
  if (isDone) again();
}
