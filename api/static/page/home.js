// The start page: what needs this person now, in order.

import { explanation, onward, phaseStatus } from "../attempt/card.js";
import { loadBriefing } from "../attempt/attempt.js";
import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { t } from "../core/text.js";

/** @typedef {import("../attempt/attempt.js").Attempt} Attempt */

/** The nearer to an exam, the higher. */
const ORDER = ["in_progress", "paused", "admitted", "awaiting_admission", "checking_in", "terminated", "held", "reserved", "waitlisted", "submitted"];

screen(async (main, me) => {
  /** @type {HTMLElement[]} */
  const parts = [h("p", {}, t("home.hello", { name: me.display_name }))];
  if (me.roles.includes("student")) parts.push(await mine());
  if (!me.roles.length) parts.push(h("p", { class: "notice" }, t("home.noRoles")));
  fill(content(main), parts);
});

async function mine() {
  const { items } = await get("/api/reservations/attempts/mine?limit=50");
  const attempts = /** @type {Attempt[]} */ (items).sort((a, b) => rank(a) - rank(b));
  const book = h("a", { class: "button", href: "/exams" }, t("home.book"));
  const heading = h("h2", {}, t("home.mine"));
  if (!attempts.length) return h("section", {}, heading, h("p", { class: "notice" }, t("home.none")), h("p", {}, book));
  const cards = await Promise.all(attempts.map(card));
  return h("section", {}, heading, h("ul", { class: "cards" }, cards), h("p", {}, book));
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
    onward(attempt),
  );
}
