// The result: the total, every question with its marks and reasons, what was noticed and decided, and the appeal.

import { counted } from "../attempt/counted.js";
import { attemptId, commandPath, loadBriefing, loadLiveAttempt } from "../attempt/attempt.js";
import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { get, post } from "../core/http.js";
import { rich } from "../core/markup.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { shownNumber, t } from "../core/text.js";
import { both, dateTime } from "../core/time.js";
import { answerShown, incidentName, pointsOf, severity } from "../core/word.js";

const id = attemptId();

screen(
  async (main) => {
    const [result, attempt, briefing] = await Promise.all([get(`/api/corrections/attempts/${id}/results`), loadLiveAttempt(id), loadBriefing(id)]);
    /** @type {HTMLElement} */ (main.querySelector("h1")).textContent = t("result.of", { exam: briefing.exam_title });
    fill(
      content(main),
      total(result),
      standing(result),
      answers(result.right_answers),
      h("h2", {}, t("result.questions")),
      h("ol", { class: "cards" }, result.items.map((/** @type {any} */ one, /** @type {number} */ place) => item(one, place, result.right_answers.shown === "may_sit_again"))),
      h("h2", {}, t("result.noticed")),
      whole(result),
      noticed(result.incidents),
      h("h2", {}, t("result.appeal.title")),
      result.appeals.map(appealed),
      appeal(attempt, result),
      h("p", {}, h("a", { class: "button", href: `/api/analytics/attempts/${id}/report` }, t("result.report"))),
    );
  },
  { roles: ["student"] },
);

/** @param {any} result */
function total(result) {
  if (result.percent === null) return h("p", { class: "notice" }, t("result.open"));
  const word = result.passed ? status("good", t("result.passed")) : status("high", t("result.failed"));
  const percent = t("result.percent", { percent: shownNumber(Math.round(Number(result.percent) * 10) / 10) });
  return h("div", { class: "notice" }, h("p", { class: "total" }, percent, " ", word), h("p", {}, pointsOf(result.earned, result.points), ", ", t("result.round", { number: result.round_number })));
}

/** Which sitting counts, where there are several. @param {any} result */
function standing(result) {
  const said = counted(result, "result.counts");
  return said && h("div", { class: "notice" }, said, h("p", {}, t(`result.rule.${result.counting}`)));
}

/** When right answers are shown, where they are not. @param {{ shown: string, last_slot_ends_at: string | null }} answers */
function answers({ shown, last_slot_ends_at: until }) {
  if (shown === "shown") return null;
  return h("p", { class: "notice" }, until ? t("result.answers.after_last_slot_at", { when: dateTime(until) }) : t(`result.answers.${shown}`));
}

/** @param {any} item @param {number} place @param {boolean} isHidden what questions with a key earned */
function item(item, place, isHidden) {
  const waits = isHidden && item.marked_by === "automatic" ? h("span", { class: "quiet" }, t("result.hidden")) : status("waiting", t("result.awaited"));
  const marks = item.earned === null ? waits : h("strong", {}, pointsOf(item.earned, item.points));
  const criteria = item.criteria.map((/** @type {any} */ line) =>
    h("li", {}, line.text, ": ", pointsOf(line.earned, line.points), line.comment ? ` – ${line.comment}` : ""),
  );
  return h(
    "li",
    { class: "card" },
    h("h3", {}, t("result.question", { number: place + 1 })),
    h("div", {}, rich(item.question.html)),
    h("h4", {}, t("result.yours")),
    answerShown(item.answer, item.question, rich),
    h("p", {}, marks, criteria.length ? null : ` ${item.explanation}`),
    criteria.length ? h("ul", {}, criteria) : null,
    item.remark ? h("p", {}, item.remark) : null,
    item.feedback_html.map((/** @type {string} */ html) => h("div", { class: "quiet" }, rich(html))),
  );
}

/** What was decided about all that was noticed, and why. @param {any} result */
function whole({ integrity, integrity_reason: reason }) {
  if (integrity !== "cleared" && integrity !== "upheld") return null;
  const word = integrity === "cleared" ? status("good", t("result.integrity.cleared")) : status("high", t("result.integrity.upheld"));
  return h("div", { class: "notice" }, h("p", {}, word), reason ? h("p", {}, t("result.because"), " ", reason) : null);
}

/** An appeal and what became of it. @param {any} one */
function appealed(one) {
  const outcome = one.outcome ? h("p", {}, status("plain", t(`result.appeal.outcome.${one.outcome}`)), " ", one.reason) : null;
  return h("div", { class: "card" }, h("h3", {}, t("result.appeal.of", { when: dateTime(one.opened_at) })), h("blockquote", {}, one.text), outcome);
}

/** @param {any[]} incidents */
function noticed(incidents) {
  if (!incidents.length) return h("p", {}, t("result.nothing"));
  const rows = incidents.map((incident) =>
    h(
      "li",
      { class: "card" },
      h("h3", {}, incidentName(incident.kind)),
      h("p", {}, severity(incident.severity), " ", h("time", { dateTime: incident.started_at }, dateTime(incident.started_at))),
      h("p", {}, t(`result.ruling.${incident.ruling || "none"}`), incident.reason ? ` ${incident.reason}` : ""),
    ),
  );
  return h("ul", { class: "cards" }, rows);
}

/** @param {import("../attempt/attempt.js").Attempt} attempt @param {any} result */
function appeal(attempt, { appeal_until: until }) {
  if (attempt.release === "appealed") return h("p", { class: "notice" }, t("result.appeal.open"));
  if (attempt.release !== "released") return h("p", {}, t("result.appeal.over"));
  const ask = h("button", { type: "button", onClick: () => object() }, t("result.appeal.act"));
  return h("div", {}, h("p", {}, t("result.appeal.lead")), until ? h("p", {}, t("result.appeal.until", { when: both(until) })) : null, ask);
}

async function object() {
  const key = crypto.randomUUID();
  const isDone = await confirmed({
    title: t("result.appeal.title"),
    text: t("result.appeal.text"),
    confirm: t("result.appeal.act"),
    fields: [{ name: "text", label: t("result.appeal.reason"), hint: t("result.appeal.hint"), type: "textarea" }],
    act: async (values) => void (await post(commandPath(id, "appeal"), values, { key })),
  });
  if (isDone) location.reload();
}
