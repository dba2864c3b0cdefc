// The reviewers' load: what waits, who holds it, who decided how much and how fast.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { dateTime, relative } from "../core/time.js";
import { bars } from "./bars.js";
import { figure } from "./figure.js";
import { count, daySpan, named, tenth } from "./say.js";

/** @typedef {{ kind: string, unassigned: number, assigned: number, overdue: number, oldest_opened_at: string | null }} Waiting */
/** @typedef {{ person_id: string, name: string, held: number, overdue: number, decided: Record<string, number>, median_hours: number | null }} Load */
/** @typedef {{ first_day: string, last_day: string, read_at: string, waiting: Waiting[], people: Load[] }} Workload */

const MOST_PEOPLE = 20;

/** @param {Workload} load */
export function readAt(load) {
  return h("p", { class: "freshness quiet" }, t("dashboard.readAt", { at: dateTime(load.read_at), span: daySpan(load.first_day, load.last_day) }));
}

/** @param {Waiting[]} waiting @param {string} file */
export function queue(waiting, file) {
  const all = waiting.reduce((sum, one) => sum + one.unassigned + one.assigned, 0);
  const overdue = waiting.reduce((sum, one) => sum + one.overdue, 0);
  return figure({
    finding: `${t("dashboard.finding.waiting", { count: all })} ${t("dashboard.finding.overdue", { count: overdue })}`,
    draw: bars({
      bars: waiting.map((one) => ({
        name: named("kind", one.kind),
        told: t("dashboard.told.waiting", { count: one.unassigned + one.assigned, overdue: one.overdue }),
        parts: [{ value: one.assigned, look: "solid" }, { value: one.unassigned, look: "open" }],
      })),
      across: t("dashboard.axis.decisions"),
      shown: count,
    }),
    legend: [["solid", t("dashboard.legend.held")], ["open", t("dashboard.legend.free")]],
    table: {
      name: "waiting",
      rows: waiting,
      columns: [
        { name: "kind", value: (row) => row.kind, shown: (row) => named("kind", row.kind), isText: true },
        { name: "unassigned", value: (row) => row.unassigned, shown: (row) => count(row.unassigned) },
        { name: "assigned", value: (row) => row.assigned, shown: (row) => count(row.assigned) },
        { name: "overdue", value: (row) => row.overdue, shown: (row) => count(row.overdue) },
        { name: "oldest_opened_at", value: (row) => row.oldest_opened_at, shown: (row) => (row.oldest_opened_at ? relative(row.oldest_opened_at) : "–"), isText: true },
      ],
    },
    file,
  });
}

/** @param {Load[]} people @param {string} file */
export function people(people, file) {
  const decided = people.reduce((sum, one) => sum + decisions(one), 0);
  const [first] = people;
  const kinds = [...new Set(people.flatMap((one) => Object.keys(one.decided)))].sort();
  return figure({
    finding: decided ? t(people.length > 1 ? "dashboard.finding.people" : "dashboard.finding.onePerson", { name: first.name, many: decisions(first), count: decided }) : t("dashboard.finding.noDecision"),
    draw: bars({
      bars: people.slice(0, MOST_PEOPLE).map((one) => ({
        name: one.name,
        told: one.median_hours === null ? t("dashboard.told.held", { decided: decisions(one), held: one.held }) : t("dashboard.told.person", { decided: decisions(one), held: one.held, hours: tenth(one.median_hours) }),
        parts: [{ value: decisions(one), look: "solid" }, { value: one.held, look: "open" }],
      })),
      across: t("dashboard.axis.decisions"),
      shown: count,
    }),
    legend: [["solid", t("dashboard.legend.decided")], ["open", t("dashboard.legend.holds")]],
    note: people.length > MOST_PEOPLE ? t("dashboard.onlyFirst", { count: MOST_PEOPLE, all: people.length }) : t("dashboard.medianNote"),
    table: {
      name: "people",
      rows: people,
      columns: [
        { name: "person", value: (row) => row.name, isText: true },
        ...kinds.map((kind) => ({ name: `decided_${kind}`, value: (/** @type {Load} */ row) => row.decided[kind] ?? 0, shown: (/** @type {Load} */ row) => count(row.decided[kind] ?? 0) })),
        { name: "held", value: (row) => row.held, shown: (row) => count(row.held) },
        { name: "overdue", value: (row) => row.overdue, shown: (row) => count(row.overdue) },
        { name: "median_hours", value: (row) => row.median_hours, shown: (row) => tenth(row.median_hours) },
      ],
    },
    file,
  });
}

/** @param {Load} load */
function decisions(load) {
  return Object.values(load.decided).reduce((sum, many) => sum + many, 0);
}
