// The record of one attempt, for proctors and administrators: what happened, who decided, and what is kept of it.

import { fill, h } from "../core/dom.js";
import { coverageFigure } from "../coverage/figure.js";
import { remembered } from "../core/focus.js";
import { get } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { t } from "../core/text.js";
import { both, dateTime } from "../core/time.js";
import { acts } from "../record/act.js";
import { clock, moves } from "../record/course.js";
import { holds, keeping } from "../record/keeping.js";
import { incidents, marks, reviews } from "../record/judgement.js";
import { lateAnswers } from "../record/late.js";
import { papers, workflows } from "../record/paper.js";
import { sittings } from "../record/sitting.js";
import { aftermath, phase, whoIs } from "../search/standing.js";

const id = location.pathname.split("/")[2] ?? "";

screen(
  async (main, me) => {
    main.classList.add("wide");
    const isAdmin = me.roles.includes("admin");
    const show = async () => {
      const record = /** @type {import("../record/course.js").AttemptRecord} */ (await get(`/api/reservations/attempts/${id}/record`));
      const again = () => void show();
      const possible = await acts(record.attempt, again);
      const late = isAdmin && record.submitted_at ? await lateAnswers(id, record.attempt.release === "withheld", again) : null;
      const back = remembered(content(main));
      fill(content(main), sections(record, isAdmin, again, [possible, late]));
      back();
    };
    await show();
  },
  { roles: ["proctor", "admin"] },
);

/** @param {import("../record/course.js").AttemptRecord} record @param {boolean} isAdmin @param {() => void} again @param {(HTMLElement | null)[]} todo */
function sections(record, isAdmin, again, todo) {
  const isHeld = record.attempt.is_on_hold;
  const isJudged = record.submitted_at !== null || Boolean(record.reviews?.length);
  const hold = holds(record, again);
  return [
    summary(record),
    todo,
    isHeld && hold,
    section("clock", clock(record)),
    record.clock.started_at && section("coverage", coverageFigure(record.coverage)),
    section("incidents", incidents(record)),
    isJudged && record.reviews && section("reviews", reviews(record.reviews)),
    isJudged && record.marks && section("marks", marks(record.marks)),
    record.sittings && section("sittings", sittings(record, again)),
    section("moves", moves(record)),
    section("keeping", keeping(record)),
    !isHeld && hold,
    isAdmin && section("papers", papers(record)),
    isAdmin && section("workflows", workflows(id)),
  ];
}

/** @param {string} name @param {...import("../core/dom.js").Child} children */
function section(name, ...children) {
  return h("section", {}, h("h2", {}, t(`record.section.${name}`)), children);
}

/** @param {import("../record/course.js").AttemptRecord} record */
function summary(record) {
  const { attempt } = record;
  const isWatched = ["checking_in", "awaiting_admission", "admitted", "in_progress", "paused", "terminated"].includes(attempt.phase);
  const rows = [
    [t("record.fact.state"), [phase(attempt.phase), aftermath(attempt)]],
    [t("record.fact.exam"), [attempt.exam_title, " ", h("span", { class: "quiet" }, t("record.version", { version: record.exam_version }))]],
    [t("record.fact.slot"), both(attempt.starts_at)],
    [t("record.fact.booked"), dateTime(attempt.created_at)],
    [t("record.fact.handedIn"), record.submitted_at && both(record.submitted_at)],
    [t("record.fact.id"), h("code", {}, attempt.attempt_id)],
  ];
  const links = [
    isWatched && h("a", { class: "button", href: `/wall/${attempt.slot_id}` }, t("record.wall")),
    h("a", { href: `/search?student_id=${attempt.student_id}` }, t("record.ofStudent")),
    h("a", { href: `/search?slot_id=${attempt.slot_id}` }, t("record.ofSlot")),
  ];
  return h(
    "section",
    {},
    h("h2", {}, whoIs(attempt)),
    h("p", { class: "quiet" }, [attempt.student_email, attempt.student_number].filter(Boolean).join(", ")),
    h("dl", { class: "facts" }, rows.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("div", { class: "actions" }, links),
  );
}
