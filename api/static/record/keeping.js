// What is kept of an attempt and until when, the holds that block deletion, and what was deleted.

import { h } from "../core/dom.js";
import { wordOf } from "../core/form.js";
import { secondsOf } from "../core/iso.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { both, dateTime, duration, shortDateTime } from "../core/time.js";
import { askHold } from "../search/hold.js";
import { table } from "./table.js";

/** @typedef {import("./course.js").AttemptRecord} AttemptRecord */

/** Whether deletion is blocked, why, and the way to change it. @param {AttemptRecord} record @param {() => void} again */
export function holds({ attempt, holds }, again) {
  if (!holds) return attempt.is_on_hold ? h("p", { class: "notice medium" }, t("hold.stands")) : null;
  const [standing, ...ended] = attempt.is_on_hold ? [holds.find((one) => !one.released_at), ...holds.filter((one) => one.released_at)] : [undefined, ...holds];
  const act = attempt.is_on_hold ? "release" : "hold";
  const change = async () => void ((await askHold([attempt.attempt_id], act)) && again());
  return h(
    "section",
    { class: attempt.is_on_hold ? "notice medium" : null },
    h("h2", {}, t(attempt.is_on_hold ? "hold.stands" : "hold.free")),
    h("p", {}, t(attempt.is_on_hold ? "hold.means" : "hold.freeMeans")),
    standing && [h("p", {}, standing.reason), h("p", { class: "quiet small" }, t("hold.setBy", { name: standing.set_by_name || t("hold.somebody"), at: dateTime(standing.set_at) }))],
    attempt.release === "purged" ? null : h("div", { class: "actions" }, h("button", { type: "button", data: { stop: "hold" }, onClick: change }, t(`hold.${act}.button`))),
    ended.length ? earlier(ended.flatMap((one) => one ?? [])) : null,
  );
}

/** @param {import("./course.js").Hold[]} ended */
function earlier(ended) {
  const rows = ended.map((one) => [
    one.reason,
    [one.set_by_name, h("div", { class: "quiet small" }, shortDateTime(one.set_at))],
    [one.released_by_name, h("div", { class: "quiet small" }, shortDateTime(one.released_at ?? ""))],
    one.release_reason,
  ]);
  return h("details", { class: "fold" }, h("summary", {}, t("hold.earlier", { count: ended.length })), table(t("hold.earlierTitle"), ["reason", "set", "released", "releaseReason"].map((name) => t(`hold.head.${name}`)), rows));
}

/** @param {AttemptRecord} record */
export function keeping({ attempt, keeping }) {
  const rows = keeping.classes.map((one) => [
    [wordOf("record.class", one.data_class), h("div", { class: "quiet small" }, wordOf("record.classHolds", one.data_class))],
    duration(secondsOf(one.kept_for)),
    end(one, attempt.is_on_hold),
  ]);
  return [
    h("p", {}, keeping.over_at ? t("record.overSince", { at: dateTime(keeping.over_at) }) : t("record.notOver")),
    table(t("record.section.keeping"), ["data", "keptFor", "until"].map((name) => t(`record.head.${name}`)), rows),
    keeping.receipt_at && h("p", {}, t("record.receipt", { at: dateTime(keeping.receipt_at) })),
    keeping.is_receipt_readable ? null : h("p", { class: "notice medium" }, t("record.noReceipt")),
  ];
}

/** @param {import("./course.js").Kept} kept @param {boolean} isHeld */
function end(kept, isHeld) {
  if (kept.is_deleted) return [status("plain", t("record.deleted")), h("div", { class: "quiet small" }, t("record.deletedCount", { rows: kept.rows, objects: kept.objects }))];
  if (!kept.delete_at) return h("span", { class: "quiet" }, t("record.afterEnd"));
  const isDue = Date.parse(kept.delete_at) < Date.now();
  return [both(kept.delete_at), isHeld && h("div", {}, status("medium", t(isDue ? "record.dueButHeld" : "record.held")))];
}
