// The start page: what needs this person now, in order.

import { counted } from "../attempt/counted.js";
import { explanation, onward, phaseStatus } from "../attempt/card.js";
import { loadBriefing } from "../attempt/attempt.js";
import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { t } from "../core/text.js";
import { adminDesk } from "../home/admin.js";
import { authorDesk } from "../home/author.js";
import { decisionDesk } from "../home/decision.js";
import { due } from "../home/due.js";
import { proctorDesk } from "../home/proctor.js";

/** @typedef {import("../attempt/attempt.js").Attempt} Attempt */

/** The nearer to an exam, the higher. */
const ORDER = ["in_progress", "paused", "admitted", "awaiting_admission", "checking_in", "terminated", "held", "reserved", "waitlisted", "submitted"];

/** Whose hour it is comes first: people who sit an exam, then those who watch, decide, write, and keep it running. */
const DESKS = /** @type {[string[], () => HTMLElement][]} */ ([
  [["student"], () => due("sit", mine)],
  [["proctor"], proctorDesk],
  [["grader", "reviewer"], decisionDesk],
  [["author"], authorDesk],
  [["admin"], adminDesk],
]);

screen((main, me) => {
  const desks = DESKS.filter(([roles]) => roles.some((role) => me.roles.includes(role))).map(([, desk]) => desk());
  const nothing = me.roles.length ? null : h("p", { class: "notice" }, t("home.noRoles"));
  fill(content(main), h("p", {}, t("home.hello", { name: me.display_name })), desks, nothing);
});

async function mine() {
  const { items } = await get("/api/reservations/attempts/mine?limit=50");
  const attempts = /** @type {Attempt[]} */ (items).sort((a, b) => rank(a) - rank(b));
  const book = h("p", {}, h("a", { class: "button", href: "/exams" }, t("home.book")));
  if (!attempts.length) return [h("p", { class: "notice" }, t("home.none")), book];
  return [h("ul", { class: "cards" }, await Promise.all(attempts.map(card))), book];
}

/** @param {Attempt} attempt */
function rank(attempt) {
  const place = ORDER.indexOf(attempt.phase);
  return place < 0 ? ORDER.length : place;
}

/** @param {Attempt} attempt */
async function card(attempt) {
  const briefing = await loadBriefing(attempt.attempt_id);
  return h(
    "li",
    { class: "card" },
    h("h3", {}, h("a", { href: `/attempts/${attempt.attempt_id}` }, briefing.exam_title)),
    h("p", {}, phaseStatus(attempt)),
    explanation(attempt, briefing),
    counted(attempt, "attempt.standing"),
    onward(attempt),
  );
}
