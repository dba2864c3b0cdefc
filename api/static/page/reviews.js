// The queue of decisions: what, since when, until when, who holds it, and how far it is.

import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { get, post } from "../core/http.js";
import { isScreenKey } from "../core/key.js";
import { listing } from "../core/listing.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { currentZone, relative, shortDateTime } from "../core/time.js";
import { wordOf } from "../core/form.js";
import { progress } from "../review/progress.js";
import { loadCount, nextReview, reviewPath, ROLES } from "../review/review.js";

/** @typedef {import("../review/review.js").Review} Review */

/** What each view asks for. */
const VIEWS = { waiting: "is_waiting=true", mine: "is_waiting=true&is_mine=true", decided: "stage=decided" };

screen(
  async (main, me) => {
    main.classList.add("wide");
    const asked = new URLSearchParams(location.search).get("show") ?? "waiting";
    const view = /** @type {keyof typeof VIEWS} */ (asked in VIEWS ? asked : "waiting");
    const isAdmin = me.roles.includes("admin");
    const names = ["kind", "state", "opened", "due", ...(isAdmin && view !== "decided" ? ["act"] : [])];
    const heads = names.map((name) => h("th", { scope: "col" }, t(`review.head.${name}`)));
    const list = h("tbody", {});
    const caption = h("caption", {}, t("review.zone", { zone: currentZone().replaceAll("_", " ") }));
    const whole = h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": t("review.queue") }, h("table", {}, caption, h("thead", {}, h("tr", {}, heads)), list));
    const [count, next] = await Promise.all([loadCount(), nextReview(me.roles)]);
    const go = next && h("a", { class: "button primary", href: `/reviews/${next.review_id}?take`, "aria-keyshortcuts": "N" }, t("review.next"), " ", h("kbd", { "aria-hidden": "true" }, "N"));
    if (go) addEventListener("keydown", (event) => event.key === "n" && isScreenKey(event) && go.click());
    fill(
      content(main),
      progress(count),
      h("div", { class: "actions" }, go, views(view)),
      listing({ path: `/api/corrections/reviews?limit=50&${VIEWS[view]}`, list, whole, row: (review) => row(review, isAdmin && view !== "decided"), empty: () => h("p", { class: "notice good" }, t(`review.none.${view}`)) }),
    );
  },
  { roles: ["grader", "reviewer", "admin"] },
);

/** @param {string} view */
function views(view) {
  const links = Object.keys(VIEWS).map((name) => h("li", {}, h("a", { href: `/reviews?show=${name}`, "aria-current": name === view ? "page" : null }, t(`review.view.${name}`))));
  return h("nav", { class: "views", "aria-label": t("review.view.label") }, h("ul", {}, links));
}

/** @param {Review} review @param {boolean} mayGive */
function row(review, mayGive) {
  const link = h("a", { href: `/reviews/${review.review_id}` }, wordOf("review.kind", review.kind));
  const second = review.is_second_look ? h("span", { class: "quiet" }, ` ${t("review.second.short")}`) : null;
  const give = h("button", { type: "button", class: "link", "aria-label": t("review.give.of", { what: `${wordOf("review.kind", review.kind)}, ${review.exam_title}, ${shortDateTime(review.opened_at)}` }), onClick: () => handOver(review) }, t("review.give.act"));
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, link, second, h("p", { class: "quiet small" }, review.exam_title)),
    h("td", {}, standing(review)),
    h("td", {}, shortDateTime(review.opened_at)),
    h("td", {}, shortDateTime(review.escalate_at), " ", h("span", { class: "quiet" }, relative(review.escalate_at))),
    mayGive ? h("td", {}, give) : null,
  );
}

/** @param {Review} review */
function standing(review) {
  if (review.stage === "decided") return h("span", {}, status("good", t("review.state.decided")), " ", review.assignee_name);
  const late = review.is_escalated ? [status("high", t("review.state.late")), " "] : null;
  if (review.is_mine) return h("span", {}, late, status("medium", t("review.state.mine")));
  if (review.assignee_id) return h("span", {}, late, status("plain", review.assignee_name ?? t("review.state.taken")));
  if (review.needs_another_person) return h("span", {}, late, status("plain", t("review.state.another")));
  return h("span", {}, late, status("waiting", t("review.state.open")));
}

/** An admin gives it to somebody. @param {Review} review */
async function handOver(review) {
  const { items } = await get(`/api/users/people?role=${ROLES[review.kind]}&limit=200`);
  const options = items.map((/** @type {any} */ person) => [person.person_id, person.display_name]);
  const isDone = await confirmed({
    title: t("review.give.title"),
    text: review.exam_title,
    confirm: t("review.give.act"),
    fields: [{ name: "assignee_id", label: t("review.give.to"), type: "select", options: [["", t("review.whole.choose")], ...options] }],
    act: async (values) => void (await post(`${reviewPath(review.review_id)}/claim`, values)),
  });
  if (isDone) location.reload();
}
