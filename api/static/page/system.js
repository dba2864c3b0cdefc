// How the platform is: what answers, what waits, who works, how fresh the figures are.

import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { dateTime, duration, relative } from "../core/time.js";

screen(
  async (main) => {
    main.classList.add("wide");
    const again = async () => {
      const state = await get("/api/analytics/system");
      fill(content(main), ...sections(state, again));
    };
    await again();
  },
  { roles: ["admin"] },
);

/** @param {any} state @param {() => void} again */
function sections(state, again) {
  return [
    h("div", { class: "actions" }, h("button", { type: "button", onClick: again }, t("system.again")), h("span", { class: "quiet" }, t("system.at", { at: dateTime(state.at) }))),
    h("section", {}, h("h2", {}, t("system.detection")), detection(state.detection)),
    h("section", {}, h("h2", {}, t("system.databases")), h("ul", { class: "rows" }, Object.entries(state.databases).map(([name, answers]) => h("li", { class: "row" }, name, answers ? status("good", t("system.answers")) : status("critical", t("system.silent")))))),
    h("section", {}, h("h2", {}, t("system.queues")), queues(state.queues)),
    h("section", {}, h("h2", {}, t("system.relays")), relays(state.relays)),
    h("section", {}, h("h2", {}, t("system.jobs")), jobs(state.jobs)),
  ];
}

/** @param {any} detection */
function detection(detection) {
  const on = detection.is_on === null ? status("waiting", t("system.unknown")) : detection.is_on ? status("good", t("system.on")) : status("critical", t("system.off"));
  const objects = detection.sees_objects === false ? h("p", {}, status("high", t("system.noObjects"))) : null;
  return h("div", {}, h("p", {}, on, " ", detection.model_version ?? t("system.noModels")), objects);
}

/** @param {any[] | null} found */
function queues(found) {
  if (!found) return h("p", { class: "notice critical" }, t("system.noTemporal"));
  const rows = found.map((queue) => [queue.queue, String(queue.workers.length), String(queue.backlog), duration(queue.oldest_seconds)]);
  return table("queues", ["queue", "workers", "backlog", "oldest"], rows);
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

/** @param {string} name @param {string[]} heads @param {string[][]} rows */
function table(name, heads, rows) {
  const caption = t(`system.${name}`);
  return h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": caption }, h("table", {}, h("caption", { class: "unseen" }, caption), h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, t(`system.head.${head}`))))), h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first), rest.map((cell) => h("td", {}, cell)))))));
}
