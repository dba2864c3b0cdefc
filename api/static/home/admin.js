// An administrator's start: what is wrong in the system, and which attempts and decisions wait.

import { get } from "../core/http.js";
import { status } from "../core/status.js";
import { shownNumber, t } from "../core/text.js";
import { duration, relative } from "../core/time.js";
import { due, lines } from "./due.js";

/** @typedef {{ href: string, title: string, state: import("../core/dom.js").Child }} Line */

const LATE_ANALYSIS = 10; // seconds that a record may wait for a detector
const LATE_SECONDS = 60; // work that has waited so long is a backlog
const LATE_EVENTS = 300; // events on their way to lake and screens
const MOST = 50;

export function adminDesk() {
  return due("run", async () => {
    const [system, desk, waiting] = await Promise.all([get("/api/analytics/system"), get("/api/reservations/desk/admin"), get(`/api/corrections/reviews?is_waiting=true&limit=${MOST}`)]);
    return lines([...wrong(system), ...attempts(desk), ...overdue(waiting)], t("home.run.none"));
  });
}

/** @param {any} system @returns {Line[]} */
function wrong(system) {
  /** @param {string} name @param {"critical" | "high" | "medium"} tone @param {Record<string, string | number>} [values] */
  const line = (name, tone, values = {}) => ({ href: "/system", title: t(`home.run.${name}`, values), state: status(tone, t(`home.run.tone.${tone}`)) });
  const watching = /** @type {{ behind: number, behind_seconds: number } | null} */ (system.backlog.watching);
  const silent = Object.entries(system.databases).filter(([, answers]) => !answers);
  const queues = /** @type {any[]} */ (system.queues ?? []);
  const relays = /** @type {any[]} */ (system.relays ?? []).filter((one) => one.oldest_at && Date.now() - Date.parse(one.oldest_at) > LATE_EVENTS * 1000);
  return [
    ...silent.map(([name]) => line("silent", "critical", { name })),
    ...(system.queues ? [] : [line("noTemporal", "critical")]),
    ...queues.filter((queue) => !queue.workers.length).map((queue) => line("noWorkers", "critical", { queue: queue.queue })),
    ...(system.detection.is_on === false ? [line("detectionOff", "critical")] : []),
    ...(watching && watching.behind_seconds > LATE_ANALYSIS ? [line("analysisBehind", "critical", { count: watching.behind, duration: duration(watching.behind_seconds) })] : []),
    ...queues.filter((queue) => queue.workers.length && queue.oldest_seconds > LATE_SECONDS).map((queue) => line("backlog", "high", { queue: queue.queue, count: queue.backlog, duration: duration(queue.oldest_seconds) })),
    ...relays.map((one) => line("lag", "high", { relay: one.relay, source: one.source, count: one.waiting, when: relative(one.oldest_at) })),
    ...(system.detection.sees_objects === false ? [line("noObjects", "medium")] : []),
  ];
}

const SETTLED = "phase=submitted&release=withheld&marking=marked&integrity=none&integrity=cleared&integrity=upheld";
const WHERE = { escalated: "phase=awaiting_admission", stopped: "phase=terminated", unreleased: SETTLED, on_hold: "hold=yes" };
const TONES = /** @type {const} */ ({ escalated: "high", stopped: "medium", unreleased: "medium", on_hold: "plain" });

/** @param {Record<string, number>} desk @returns {Line[]} */
function attempts(desk) {
  const kinds = /** @type {(keyof typeof WHERE)[]} */ (Object.keys(WHERE));
  return kinds.filter((kind) => desk[kind] > 0).map((kind) => ({ href: `/search?${WHERE[kind]}`, title: t(`home.run.attempts.${kind}`), state: status(TONES[kind], shownNumber(desk[kind])) }));
}

/** @param {{ items: { escalate_at: string }[] }} waiting @returns {Line[]} */
function overdue({ items }) {
  const late = items.filter((one) => Date.parse(one.escalate_at) < Date.now());
  if (!late.length) return [];
  const count = late.length === MOST ? t("home.run.atLeast", { count: MOST }) : shownNumber(late.length);
  return [{ href: "/reviews", title: t("home.run.overdue", { when: relative(late[0]?.escalate_at ?? "") }), state: status("high", count) }];
}
