// Whether each part serves, by its own marks, and the newest outages.

import { h } from "../core/dom.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { dateTime, duration, relative } from "../core/time.js";

/** @typedef {{ component: string, node_id: string, serves: boolean, marked_at: string }} Serving */
/** @typedef {{ component: string, node_id: string, cause: string, began_at: string, ended_at: string }} Outage */

/** @param {{ nodes: Serving[], outages: Outage[], waiting: number } | null} found */
export function service(found) {
  if (!found) return [h("p", { class: "notice critical" }, t("system.noDatabase"))];
  const nodes = found.nodes.map((one) => row(`${t(`system.component.${one.component}`)} · ${one.node_id}`, one.serves ? status("good", t("system.serves")) : status("critical", t("system.servesNot", { when: relative(one.marked_at) }))));
  const owed = found.waiting ? h("p", {}, status("waiting", t("system.owed", { count: found.waiting }))) : null;
  const outages = found.outages.map((one) => row(`${dateTime(one.began_at)} · ${t(`system.component.${one.component}`)} · ${one.node_id}`, h("span", {}, `${t(`system.cause.${one.cause}`)}, ${duration(seconds(one))}`)));
  const none = h("p", {}, t("system.noOutages"));
  return [nodes.length ? h("ul", { class: "rows" }, nodes) : h("p", { class: "notice" }, t("system.noMarks")), owed, h("h3", {}, t("system.outages")), outages.length ? h("ul", { class: "rows" }, outages) : none];
}

/** @param {Outage} outage */
const seconds = (outage) => Math.round((Date.parse(outage.ended_at) - Date.parse(outage.began_at)) / 1_000);

/** @param {string} label @param {HTMLElement} state */
function row(label, state) {
  return h("li", { class: "row" }, h("span", {}, label), h("span", { class: "row-actions" }, state));
}
