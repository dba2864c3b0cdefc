// A grader's or a reviewer's start: what they hold, then what is free, by deadline.

import { h } from "../core/dom.js";
import { wordOf } from "../core/form.js";
import { get } from "../core/http.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { dateTime, relative } from "../core/time.js";
import { due, lines } from "./due.js";

/** @typedef {{ review_id: string, kind: string, exam_title: string, escalate_at: string, is_mine: boolean, assignee_id: string | null, needs_another_person: boolean, is_second_look: boolean }} Review */

const QUEUE = "/api/corrections/reviews?is_waiting=true&limit=50";
const MOST = 5;

export function decisionDesk() {
  return due("decide", async () => {
    const [held, waiting, count] = await Promise.all([get(`${QUEUE}&is_mine=true`), get(QUEUE), get("/api/corrections/reviews/count")]);
    const mine = /** @type {Review[]} */ (held.items);
    const free = /** @type {Review[]} */ (waiting.items).filter((one) => !one.assignee_id && !one.needs_another_person);
    const shown = [...mine, ...free.slice(0, MOST)];
    const all = h("p", {}, h("a", { href: "/reviews" }, t("home.decide.all", { count: count.free })));
    return [lines(shown.map(line), t("home.decide.none")), count.free + count.mine > shown.length && all];
  });
}

/** @param {Review} review */
function line(review) {
  const left = Date.parse(review.escalate_at) - Date.now();
  const when = left < 0 ? status("high", t("home.decide.overdue", { when: relative(review.escalate_at) })) : status("waiting", t("home.decide.due", { when: relative(review.escalate_at) }));
  const whose = review.is_mine ? status("medium", t("home.decide.mine")) : null;
  const kind = wordOf("home.decide.kind", review.kind);
  return {
    href: `/reviews/${review.review_id}`,
    title: review.exam_title ? t("home.decide.what", { kind, exam: review.exam_title }) : kind,
    state: [whose, whose && " ", when],
    detail: [review.is_second_look && t("home.decide.second"), review.is_second_look && " ", dateTime(review.escalate_at)],
  };
}
