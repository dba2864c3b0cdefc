// Incidents: of which kind, under which preset, on which day, in which exam, and what people made of them.

import { t } from "../core/text.js";
import { bars } from "./bars.js";
import { columns } from "./columns.js";
import { figure } from "./figure.js";
import { examLink } from "./results.js";
import { count, hundredth, longDay, named, share, shortDay } from "./say.js";

/** @typedef {{ incidents: number, mean_confidence: number | null, reviewed: number, cleared: number, share_cleared: number | null, ruled: number, false_positives: number, false_positive_rate: number | null }} Tally */
/** @typedef {Tally & { kind: string }} KindTally */
/** @typedef {Tally & { preset: string, kinds: KindTally[] }} PresetTally */
/** @typedef {Tally & { exam_id: string, title: string }} ExamTally */
/** @typedef {{ day: string, state: string, tally: Tally | null }} Day */

const MOST_EXAMS = 20;

/** @returns {[import("./svg.js").Look, string][]} */
const legend = () => [
  ["solid", t("dashboard.legend.cleared")],
  ["hatched", t("dashboard.legend.upheld")],
  ["open", t("dashboard.legend.unreviewed")],
];

/** @type {import("./table.js").Column<Tally>[]} */
const TALLY = [
  { name: "incidents", value: (row) => row.incidents, shown: (row) => count(row.incidents) },
  { name: "mean_confidence", value: (row) => row.mean_confidence, shown: (row) => hundredth(row.mean_confidence) },
  { name: "reviewed", value: (row) => row.reviewed, shown: (row) => count(row.reviewed) },
  { name: "cleared", value: (row) => row.cleared, shown: (row) => count(row.cleared) },
  { name: "share_cleared", value: (row) => row.share_cleared, shown: (row) => share(row.share_cleared) },
  { name: "ruled", value: (row) => row.ruled, shown: (row) => count(row.ruled) },
  { name: "false_positives", value: (row) => row.false_positives, shown: (row) => count(row.false_positives) },
  { name: "false_positive_rate", value: (row) => row.false_positive_rate, shown: (row) => share(row.false_positive_rate) },
];

/** @param {Tally & Record<string, any>} tally @param {string} name @returns {import("./bars.js").Bar} */
function bar(tally, name) {
  const told = tally.reviewed ? t("dashboard.told.cleared", { incidents: tally.incidents, share: share(tally.share_cleared), count: tally.reviewed }) : t("dashboard.told.unreviewed", { count: tally.incidents });
  return {
    name,
    told,
    parts: [
      { value: tally.cleared, look: "solid" },
      { value: tally.reviewed - tally.cleared, look: "hatched" },
      { value: tally.incidents - tally.reviewed, look: "open" },
    ],
  };
}

/** @param {KindTally[]} kinds @param {Tally} total @param {string} file */
export function byKind(kinds, total, file) {
  const ranked = kinds.toSorted((one, other) => other.incidents - one.incidents || one.kind.localeCompare(other.kind));
  const first = ranked[0];
  const said = [t("dashboard.finding.kinds", { kind: named("incident", first.kind), many: first.incidents, count: total.incidents })];
  if (total.reviewed) said.push(t("dashboard.finding.cleared", { share: share(total.share_cleared), count: total.reviewed }));
  return figure({
    finding: said.join(" "),
    draw: bars({ bars: ranked.map((tally) => bar(tally, named("incident", tally.kind))), across: t("dashboard.axis.incidents"), shown: count }),
    legend: legend(),
    table: { name: "kinds", rows: ranked, columns: [{ name: "kind", value: (row) => row.kind, shown: (row) => named("incident", row.kind), isText: true }, ...TALLY] },
    file,
  });
}

/** @param {PresetTally[]} presets @param {string} file */
export function byPreset(presets, file) {
  const known = presets.filter((tally) => tally.reviewed);
  const list = known.map((tally) => t("dashboard.told.preset", { preset: named("preset", tally.preset), share: share(tally.share_cleared) })).join(", ");
  const rows = presets.flatMap((tally) => [{ ...tally, kind: "" }, ...tally.kinds.map((kind) => ({ ...kind, preset: tally.preset }))]);
  return figure({
    finding: known.length ? t("dashboard.finding.presets", { list }) : t("dashboard.finding.presetsUnreviewed"),
    draw: bars({ bars: presets.map((tally) => bar(tally, named("preset", tally.preset))), across: t("dashboard.axis.incidents"), shown: count }),
    legend: legend(),
    note: t("dashboard.presetNote"),
    table: {
      name: "presets",
      rows,
      columns: [
        { name: "preset", value: (row) => row.preset, shown: (row) => named("preset", row.preset), isText: true },
        { name: "kind", value: (row) => row.kind || "all", shown: (row) => (row.kind ? named("incident", row.kind) : t("dashboard.allKinds")), isText: true },
        ...TALLY,
      ],
    },
    file,
  });
}

/** @param {Day[]} days @param {string} file */
export function byDay(days, file) {
  const known = days.flatMap((day) => (day.tally ? [{ day: day.day, incidents: day.tally.incidents }] : []));
  const peak = known.reduce((most, day) => (day.incidents > most.incidents ? day : most));
  const calm = known.filter((day) => !day.incidents).length;
  return figure({
    finding: t("dashboard.finding.days", { day: longDay(peak.day), many: peak.incidents, count: calm, all: known.length }),
    draw: columns({ bars: days.map((day) => ({ label: shortDay(day.day), value: day.tally ? day.tally.incidents : null })), across: t("dashboard.axis.day"), up: t("dashboard.axis.incidents"), shown: count }),
    legend: days.some((day) => !day.tally) ? [["gap", t("dashboard.legend.gap")]] : undefined,
    table: {
      name: "days",
      rows: days,
      columns: [
        { name: "day", value: (row) => row.day, shown: (row) => longDay(row.day) },
        { name: "state", value: (row) => row.state, shown: (row) => named("state", row.state), isText: true },
        ...TALLY.map(({ name, value, shown }) => ({ name, value: (/** @type {Day} */ row) => row.tally && value(row.tally), shown: (/** @type {Day} */ row) => (row.tally && shown ? shown(row.tally) : "–") })),
      ],
    },
    file,
  });
}

/** @param {ExamTally[]} exams @param {Tally} total @param {import("./period.js").Choice} choice @param {string} file */
export function byExam(exams, total, choice, file) {
  const [first] = exams;
  return figure({
    finding: t("dashboard.finding.incidentExams", { exam: first.title, many: first.incidents, count: total.incidents }),
    draw: bars({ bars: exams.slice(0, MOST_EXAMS).map((tally) => bar(tally, tally.title)), across: t("dashboard.axis.incidents"), shown: count }),
    legend: legend(),
    note: exams.length > MOST_EXAMS ? t("dashboard.onlyFirst", { count: MOST_EXAMS, all: exams.length }) : undefined,
    table: { name: "incidentExams", rows: exams, columns: [{ name: "exam", value: (row) => row.title, shown: (row) => examLink(row, choice), isText: true }, ...TALLY] },
    file,
  });
}
