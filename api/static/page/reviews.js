// The queue of decisions that wait: what, since when, until when, and who holds it.

import { fill, h } from "../core/dom.js";
import { listing } from "../core/listing.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { currentZone, relative, shortDateTime } from "../core/time.js";
import { wordOf } from "../core/form.js";

/** @typedef {import("../review/review.js").Review} Review */

screen(
  (main) => {
    main.classList.add("wide");
    const heads = ["kind", "state", "opened", "due"].map((name) => h("th", { scope: "col" }, t(`review.head.${name}`)));
    const list = h("tbody", {});
    const whole = h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": t("review.queue") }, h("table", {}, h("caption", {}, t("review.zone", { zone: currentZone().replaceAll("_", " ") })), h("thead", {}, h("tr", {}, heads)), list));
    fill(
      content(main),
      listing({ path: "/api/corrections/reviews?limit=50", list, whole, row, empty: () => h("p", { class: "notice good" }, t("review.empty")) }),
    );
  },
  { roles: ["grader", "reviewer", "admin"] },
);

/** @param {Review} review */
function row(review) {
  const link = h("a", { href: `/reviews/${review.review_id}` }, wordOf("review.kind", review.kind));
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, link),
    h("td", {}, standing(review)),
    h("td", {}, shortDateTime(review.opened_at)),
    h("td", {}, shortDateTime(review.escalate_at), " ", h("span", { class: "quiet" }, relative(review.escalate_at))),
  );
}

/** @param {Review} review */
function standing(review) {
  if (review.stage === "decided") return status("good", t("review.state.decided"));
  if (review.needs_another_person) return status("plain", t("review.state.another"));
  if (review.is_mine) return status("medium", t("review.state.mine"));
  if (review.assignee_id) return status("plain", t("review.state.taken"));
  return review.is_escalated ? status("high", t("review.state.overdue")) : status("waiting", t("review.state.open"));
}
