// How the platform is: what answers, what waits, who works, how fresh the figures are.

import { fill, h } from "../core/dom.js";
import { remembered } from "../core/focus.js";
import { get } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { temporalLink } from "../core/temporal.js";
import { dateTime, duration, relative } from "../core/time.js";
import { databases, lag, orphans, parts, ways, workflows } from "../system/section.js";
import { service } from "../system/service.js";

screen(
  async (main) => {
    main.classList.add("wide");
    const again = async () => {
      const state = await get("/api/analytics/system");
      const back = remembered(content(main));
      fill(content(main), ...sections(state, again));
      back();
    };
    await again();
  },
  { roles: ["admin"] },
);

/** @param {any} state @param {() => void} again */
function sections(state, again) {
  return [
    h("div", { class: "actions" }, h("button", { type: "button", onClick: again }, t("system.again")), h("a", { class: "button", href: "/system/settings" }, t("system.settings")), h("span", { class: "quiet" }, t("system.at", { at: dateTime(state.at) }))),
    h("section", {}, h("h2", {}, t("system.detection")), detection(state.detection), lag(state.backlog.watching)),
    h("section", {}, h("h2", {}, t("system.service")), service(state.service)),
    h("section", {}, h("h2", {}, t("system.queues")), queues(state.queues, state.temporal.queues)),
    h("section", {}, h("h2", {}, t("system.temporal")), orphans(state.orphans), workflows(state.temporal)),
    h("section", {}, h("h2", {}, t("system.ways")), ways(state.backlog)),
    h("section", {}, h("h2", {}, t("system.relays")), relays(state.relays)),
    h("section", {}, h("h2", {}, t("system.parts")), parts(state.parts)),
    h("section", {}, h("h2", {}, t("system.databases")), databases(state.databases)),
    h("section", {}, h("h2", {}, t("system.jobs")), jobs(state.jobs)),
  ];
}

/** @param {any} detection */
function detection(detection) {
  const on = detection.is_on === null ? status("waiting", t("system.unknown")) : detection.is_on ? status("good", t("system.on")) : status("critical", t("system.off"));
  const objects = detection.sees_objects === false ? h("p", {}, status("high", t("system.noObjects"))) : null;
  const troubles = detection.troubles.map((/** @type {string} */ one) => h("p", { class: "notice critical" }, one));
  return h("div", {}, h("p", {}, on, " ", detection.model_version ?? t("system.noModels")), objects, troubles);
}

/** @param {any[] | null} found @param {Record<string, string>} links */
function queues(found, links) {
  if (!found) return h("p", { class: "notice critical" }, t("system.noTemporal"));
  const rows = found.map((queue) => [queue.queue, workers(queue.workers), String(queue.backlog), duration(queue.oldest_seconds), temporalLink(links[queue.queue], t("system.temporalOpen"))]);
  return table("queues", ["queue", "workers", "backlog", "oldest", "link"], rows);
}

/** @param {string[]} names */
function workers(names) {
  if (!names.length) return status("critical", t("system.nobody"));
  return h("details", {}, h("summary", {}, t("system.many", { count: names.length })), h("ul", { class: "small" }, names.map((name) => h("li", {}, name))));
}

/** @param {any[] | null} found */
function relays(found) {
  if (!found) return h("p", { class: "notice critical" }, t("system.noDatabase"));
  return table("relays", ["relay", "source", "waiting", "since"], found.map((one) => [one.relay, one.source, String(one.waiting), one.oldest_at ? relative(one.oldest_at) : "–"]));
}

/** @param {any[] | null} found */
function jobs(found) {
  if (!found) return h("p", { class: "notice critical" }, t("system.noDatabase"));
  if (!found.length) return h("p", { class: "notice" }, t("system.noJobs"));
  return table("jobs", ["job", "period", "computed"], found.map((one) => [one.job.replaceAll("_", " "), one.period_start ?? "–", one.computed_at ? relative(one.computed_at) : t("system.never")]));
}

/** @param {string} name @param {string[]} heads @param {(string | HTMLElement)[][]} rows */
function table(name, heads, rows) {
  const caption = t(`system.${name}`);
  return h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": caption }, h("table", {}, h("caption", { class: "unseen" }, caption), h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, t(`system.head.${head}`))))), h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first), rest.map((cell) => h("td", {}, cell)))))));
}
