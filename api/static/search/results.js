// What a search found: a table, and for administrators the way to hold or release several at once.

import { fill, h } from "../core/dom.js";
import { listing } from "../core/listing.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { currentZone, shortDateTime } from "../core/time.js";
import { ACTS, button as actButton, many } from "../record/act.js";
import { askHold } from "./hold.js";
import { aftermath, incidents, phase, whoIs } from "./standing.js";

/** @typedef {import("./standing.js").Found} Found */

const MOST = 200; // so many go into one request

/**
 * @param {URLSearchParams} wanted
 * @param {{ mayHold: boolean, isNarrowed: boolean, again: () => void, shown: () => void }} options
 */
export function results(wanted, { mayHold, isNarrowed, again, shown }) {
  const list = h("tbody", {});
  /** @type {Map<string, Found>} */
  const seen = new Map();
  const bulk = mayHold ? bulkActs(list, () => [...seen.values()], again) : null;
  const heads = ["student", "exam", "state", "incidents"].map((name) => h("th", { scope: "col" }, t(`search.head.${name}`)));
  const caption = h("caption", {}, t("search.caption", { zone: currentZone().replaceAll("_", " ") }));
  const table = h("table", {}, caption, h("thead", {}, h("tr", {}, bulk && h("th", { scope: "col" }, bulk.all), heads)), list);
  const whole = h("div", {}, bulk?.element, h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": t("search.found") }, table));
  const empty = () => h("p", { class: "notice" }, t(isNarrowed ? "search.none" : "search.nothing"));
  return listing({ path: `/api/reservations/attempts/search?${wanted}`, list, whole, empty, shown, row: (/** @type {Found} */ found) => row(remember(seen, found), mayHold) });
}

/** @param {Map<string, Found>} seen @param {Found} found */
function remember(seen, found) {
  seen.set(found.attempt_id, found);
  return found;
}

/** @param {Found} found @param {boolean} mayHold */
function row(found, mayHold) {
  const name = whoIs(found);
  const box = h("input", { type: "checkbox", value: found.attempt_id, "aria-label": t("search.pick", { name, exam: found.exam_title }) });
  return h(
    "tr",
    {},
    mayHold && h("td", {}, box),
    h("th", { scope: "row" }, h("a", { href: `/attempts/${found.attempt_id}/record` }, name), h("div", { class: "quiet small" }, [found.student_email, found.student_number].filter(Boolean).join(", "))),
    h("td", {}, found.exam_title, h("div", { class: "quiet small" }, shortDateTime(found.starts_at))),
    h("td", {}, phase(found.phase), found.is_on_hold && h("div", {}, status("medium", t("hold.stands"))), aftermath(found)),
    h("td", {}, incidents(found)),
  );
}

/** @param {HTMLElement} list @param {() => Found[]} found those shown @param {() => void} again */
function bulkActs(list, found, again) {
  const boxes = () => /** @type {HTMLInputElement[]} */ ([...list.querySelectorAll("input[type=checkbox]")]);
  const picked = () => boxes().filter((box) => box.checked).map((box) => box.value).slice(0, MOST);
  const said = h("span", { role: "status" }, t("search.pickedNone"));
  const buttons = /** @type {("hold" | "release")[]} */ (["hold", "release"]).map((act) =>
    h("button", { type: "button", disabled: true, onClick: async () => void ((await askHold(picked(), act)) && again()) }, t(`hold.${act}.button`)),
  );
  const subjects = () => {
    const ids = new Set(picked());
    return found().filter((one) => ids.has(one.attempt_id)).map((one) => ({ ...one, student_name: whoIs(one) }));
  };
  for (const each of ACTS) buttons.push(actButton(each, () => void many(each, subjects(), again)));
  for (const made of buttons) made.disabled = true;
  const all = h("input", { type: "checkbox", "aria-label": t("search.pickAll") });
  const tell = () => {
    const count = picked().length;
    fill(said, count ? t("search.picked", { count }) : t("search.pickedNone"));
    for (const button of buttons) button.disabled = count === 0;
    all.indeterminate = count > 0 && count < boxes().length;
    all.checked = count > 0 && !all.indeterminate;
  };
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    tell();
  });
  list.addEventListener("change", tell);
  return { all, element: h("div", { class: "actions" }, said, buttons) };
}
