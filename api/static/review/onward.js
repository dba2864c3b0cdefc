// After a decision: that it is recorded, that the waiting workflow took it up, and where the attempt stands now, live.

import { announce } from "../core/announce.js";
import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { isScreenKey } from "../core/key.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { dateTime } from "../core/time.js";
import { inWords } from "../core/trouble.js";
import { nextReview, reviewPath } from "./review.js";
import { verdictShown } from "./verdict.js";

const PAUSE = 600;
const PATIENCE = 30_000; // milliseconds, after which it says that it takes longer

/** @param {import("./review.js").Review} review @param {string[]} roles of who looks at it */
export function onward(review, roles) {
  const steps = h("ol", { class: "steps", "aria-live": "polite" }, h("li", {}, status("waiting", t("shared.loading"))));
  const next = h("div", { class: "actions" });
  const element = h("div", { class: "notice good" }, h("h2", { tabIndex: -1 }, review.is_mine ? t("review.done") : t("review.doneBy", { name: review.assignee_name ?? t("review.state.taken") })), verdictShown(review), steps, next);
  follow(review, steps);
  offer(review, roles, next);
  addEventListener("keydown", (event) => keys(event, next));
  return element;
}

/** @param {import("./review.js").Review} review @param {HTMLElement} steps */
async function follow(review, steps) {
  const begun = performance.now();
  let last = "";
  for (;;) {
    try {
      const found = await get(`${reviewPath(review.review_id)}/onward`);
      const isLate = performance.now() - begun > PATIENCE;
      if (JSON.stringify([found, isLate]) !== last) fill(steps, rows(review, found, isLate));
      last = JSON.stringify([found, isLate]);
      if (found.is_taken_up && (isSettled(review, found) || isLate)) return announce(t("review.onward.takenUp"));
    } catch (error) {
      return fill(steps, h("li", {}, inWords(error)));
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (!steps.isConnected) return;
  }
}

/** Whether the attempt shows what follows from the decision. @param {import("./review.js").Review} review @param {any} found */
function isSettled({ kind }, { marking, integrity, release, still_waiting: waiting }) {
  if (kind === "essay") return marking === "marked" || waiting > 0;
  if (kind === "integrity") return integrity !== "pending" && (integrity !== "upheld_once" || waiting > 0);
  return release !== "appealed" || waiting > 0;
}

/** @param {import("./review.js").Review} review @param {any} found @param {boolean} isLate */
function rows(review, found, isLate) {
  const recorded = found.decided_at ? t("review.onward.recorded", { when: dateTime(found.decided_at) }) : t("review.onward.recording");
  const taken = found.is_taken_up ? status("good", t("review.onward.takenUp")) : status("waiting", t(isLate ? "review.onward.late" : "review.onward.taking"));
  const state = review.kind === "essay" ? t(`review.onward.marking.${found.marking}`) : review.kind === "integrity" ? t(`review.onward.integrity.${found.integrity}`) : t(`review.onward.release.${found.release}`);
  const waiting = found.still_waiting ? t("review.onward.waiting", { count: found.still_waiting }) : null;
  return [h("li", {}, status(found.decided_at ? "good" : "waiting", recorded)), h("li", {}, taken), h("li", {}, state, " ", waiting)];
}

/** @param {import("./review.js").Review} review @param {string[]} roles @param {HTMLElement} place */
async function offer(review, roles, place) {
  const queue = h("a", { class: "button", href: "/reviews" }, t("review.back"));
  const following = await nextReview(roles, review).catch(() => null);
  const go = following && h("a", { class: "button primary", href: `/reviews/${following.review_id}?take`, "aria-keyshortcuts": "N" }, t("review.next"), " ", h("kbd", { "aria-hidden": "true" }, "N"));
  fill(place, go, queue);
  if (!following) place.prepend(h("p", {}, t("review.noNext")));
  place.querySelector("a")?.focus();
}

/** @param {KeyboardEvent} event @param {HTMLElement} place */
function keys(event, place) {
  if (event.key.toLowerCase() !== "n" || !isScreenKey(event)) return;
  /** @type {HTMLAnchorElement | null} */ (place.querySelector("a.primary"))?.click();
}
