// Sections of the system's state: analysis and its lag, what is on its way, workflows, parts, databases.

import { h } from "../core/dom.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { name, temporalLink } from "../core/temporal.js";
import { duration, relative } from "../core/time.js";

const PARTS = ["reservations", "users", "monitoring", "corrections", "notifications", "analytics"];
const LATE_SECONDS = 6; // a detector that keeps up writes down how far it is every three

/** @param {{ watched: number, unwatched: number, behind_seconds: number } | null} watching */
export function lag(watching) {
  if (!watching) return h("p", { class: "notice critical" }, t("system.noDatabase"));
  const alone = watching.unwatched ? status("critical", t("system.unwatched", { count: watching.unwatched })) : status("good", t("system.everyone"));
  const isLate = watching.behind_seconds > LATE_SECONDS;
  const behind = isLate ? status("high", t("system.behind", { duration: duration(watching.behind_seconds) })) : status("good", t("system.noLag"));
  return h("ul", { class: "rows" }, line(t("system.watched", { count: watching.watched }), alone), line(t("system.lag"), behind));
}

/** @param {{ segments: Waiting | null, letters: (Waiting & { refused: number }) | null }} backlog */
export function ways({ segments, letters }) {
  const refused = letters?.refused ? status("high", t("system.refusedMails", { count: letters.refused })) : null;
  return h("ul", { class: "rows" }, line(t("system.segments"), waiting(segments)), line(t("system.letters"), waiting(letters), refused));
}

/** @param {{ workflow_id: string, kind: string, trouble: string, attempt_id: string | null, found_at: string }[] | null} found */
export function orphans(found) {
  if (!found) return h("p", { class: "notice critical" }, t("system.noDatabase"));
  if (!found.length) return h("p", {}, status("good", t("system.noOrphans")));
  const rows = found.map((one) => line(`${name(one.kind)}: ${t(`system.trouble.${one.trouble}`)}`, orphanLink(one.attempt_id), status("critical", t("system.orphanSince", { when: relative(one.found_at) }))));
  return h("div", {}, h("p", { class: "notice critical" }, t("system.orphanHelp")), h("ul", { class: "rows" }, rows));
}

/** @param {string | null} attempt */
function orphanLink(attempt) {
  return attempt ? h("a", { href: `/attempts/${attempt}/record` }, t("system.orphanAttempt")) : null;
}

/** @param {{ url: string, workflows: Record<string, string> }} temporal */
export function workflows(temporal) {
  const kinds = Object.entries(temporal.workflows).map(([kind, url]) => h("li", {}, temporalLink(url, name(kind))));
  return h("div", {}, h("p", {}, temporalLink(temporal.url, t("system.temporalOpen"))), h("ul", {}, kinds));
}

/** @param {string[]} served */
export function parts(served) {
  return h("ul", { class: "rows" }, PARTS.map((part) => line(part, served.includes(part) ? status("good", t("system.here")) : status("plain", t("system.elsewhere")))));
}

/** @param {Record<string, boolean>} found */
export function databases(found) {
  return h("ul", { class: "rows" }, Object.entries(found).map(([database, answers]) => line(database, answers ? status("good", t("system.answers")) : status("critical", t("system.silent")))));
}

/** @typedef {{ waiting: number, oldest_at: string | null }} Waiting */

/** @param {Waiting | null} found */
function waiting(found) {
  if (!found) return status("critical", t("system.silent"));
  if (!found.waiting) return status("good", t("system.nothing"));
  const since = found.oldest_at ? `, ${t("system.oldest", { when: relative(found.oldest_at) })}` : "";
  return h("span", {}, t("system.waiting", { count: found.waiting }), since);
}

/** @param {string} label @param {...(HTMLElement | null)} states */
function line(label, ...states) {
  return h("li", { class: "row" }, h("span", {}, label), h("span", { class: "row-actions" }, states));
}
