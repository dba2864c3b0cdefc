// One review: taking it, giving it back, deciding it, and seeing that the waiting workflow went on.

import { fill, h } from "../core/dom.js";
import { get, Problem } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { both } from "../core/time.js";
import { refusalNotice } from "../core/trouble.js";
import { appealDesk } from "../review/appeal.js";
import { decidedOn } from "../review/decided.js";
import { essayDesk } from "../review/essay.js";
import { giveBackBox, givenBack } from "../review/give-back.js";
import { integrityDesk } from "../review/integrity.js";
import { onward } from "../review/onward.js";
import { progress } from "../review/progress.js";
import { claim, decide, loadCount, reviewPath } from "../review/review.js";

/** @typedef {import("../review/review.js").Review} Review */
/** @typedef {import("../core/screen.js").Person} Person */

const id = location.pathname.split("/")[2];
const key = crypto.randomUUID();

screen(
  async (main, me) => {
    main.classList.add("wide");
    const review = await get(reviewPath(id));
    const wants = new URLSearchParams(location.search).get("take") !== null && review.stage !== "decided" && !review.needs_another_person;
    await show(main, me, wants && !review.is_mine ? await taken(review) : review);
  },
  { roles: ["grader", "reviewer", "admin"] },
);

/** Who came by "next one" holds it already; a refusal is shown where one takes it by hand. @param {Review} review */
async function taken(review) {
  try {
    await claim(id);
    return { ...review, is_mine: true };
  } catch (error) {
    if (error instanceof Problem) return review;
    throw error;
  }
}

/** @param {HTMLElement} main @param {Person} me @param {Review} review */
async function show(main, me, review) {
  const heading = /** @type {HTMLElement} */ (main.querySelector("h1"));
  heading.textContent = t(`review.title.${review.kind}`, { exam: review.exam_title });
  document.title = `${heading.textContent} – ProctorWise`;
  const place = content(main);
  if (review.stage === "decided") return fill(place, onward(review, me.roles), decidedOn(review));
  if (review.needs_another_person) return fill(place, h("p", { class: "notice" }, t("review.another")), back());
  const head = h("div", {}, h("p", {}, review.is_escalated ? status("high", t("review.state.overdue")) : null, " ", t("review.due", { when: both(review.escalate_at) })), progress(await loadCount(review)));
  if (!review.is_mine) return fill(place, head, take(main, me, review), back());
  const where = h("div", {}, await desk(place, me, review));
  fill(place, head, giveBackBox(review, where, () => leave(place)), where);
}

/** It is free again; a reload does not take it anew. @param {HTMLElement} place */
function leave(place) {
  history.replaceState(null, "", location.pathname);
  fill(place, givenBack());
  place.querySelector("h2")?.focus();
}

/** @param {HTMLElement} place @param {Person} me @param {Review} review */
async function desk(place, me, review) {
  const send = async (/** @type {any} */ verdict) => {
    await decide(id, verdict, key);
    fill(place, onward({ ...review, verdict, is_mine: true }, me.roles));
    place.querySelector("h2")?.focus();
  };
  if (review.kind === "integrity") return integrityDesk(review, send);
  const trouble = h("div", { role: "alert" });
  const said = async (/** @type {any} */ verdict) => {
    try {
      await send(verdict);
      return true;
    } catch (error) {
      fill(trouble, refusalNotice(error));
      return false;
    }
  };
  return [review.kind === "essay" ? essayDesk(review, said, me.person_id) : appealDesk(review, said), trouble];
}

/** @param {HTMLElement} main @param {Person} me @param {Review} review */
function take(main, me, review) {
  const trouble = h("div", {});
  const held = review.assignee_id ? h("p", {}, t("review.heldBy", { name: review.assignee_name ?? t("review.state.taken") })) : null;
  const second = review.is_second_look ? h("p", { class: "notice medium" }, t("review.second.plain")) : null;
  const button = h("button", { type: "button", class: "primary" }, t("review.take"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await claim(id);
      await show(main, me, { ...(await get(reviewPath(id))), is_mine: true });
    } catch (error) {
      button.disabled = false;
      fill(trouble, refusalNotice(error));
    }
  });
  return h("div", {}, second, held, h("p", {}, t("review.takeWhy")), button, trouble);
}

function back() {
  return h("p", {}, h("a", { href: "/reviews" }, t("review.back")));
}
