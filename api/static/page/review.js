// One review: taking it, deciding it, and seeing that the waiting workflow went on.

import { announce } from "../core/announce.js";
import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { both } from "../core/time.js";
import { refusalNotice } from "../core/trouble.js";
import { appealDesk } from "../review/appeal.js";
import { essayDesk } from "../review/essay.js";
import { integrityDesk } from "../review/integrity.js";
import { claim, decide, reviewPath } from "../review/review.js";

/** @typedef {import("../review/review.js").Review} Review */

const id = location.pathname.split("/")[2];
const key = crypto.randomUUID();

screen(
  async (main) => {
    main.classList.add("wide");
    await show(main, await get(reviewPath(id)));
  },
  { roles: ["grader", "reviewer", "admin"] },
);

/** @param {HTMLElement} main @param {Review} review */
async function show(main, review) {
  const heading = /** @type {HTMLElement} */ (main.querySelector("h1"));
  heading.textContent = t(`review.title.${review.kind}`, { exam: review.exam_title });
  document.title = `${heading.textContent} – ProctorWise`;
  const place = content(main);
  if (review.stage === "decided") return fill(place, decided());
  if (review.needs_another_person) return fill(place, h("p", { class: "notice" }, t("review.another")), back());
  const head = h("p", {}, t("review.due", { when: both(review.escalate_at) }));
  if (!review.is_mine) return fill(place, head, take(main, review), back());
  const trouble = h("div", {});
  const done = async (/** @type {any} */ verdict) => {
    try {
      await decide(id, verdict, key);
      announce(t("review.done"));
      fill(place, decided());
    } catch (error) {
      fill(trouble, refusalNotice(error));
    }
  };
  const desk = review.kind === "essay" ? essayDesk(review, done) : review.kind === "integrity" ? await integrityDesk(review, done) : appealDesk(review, done);
  fill(place, head, desk, trouble);
}

/** @param {HTMLElement} main @param {Review} review */
function take(main, review) {
  const trouble = h("div", {});
  const held = review.assignee_id ? h("p", {}, t("review.held")) : null;
  const button = h("button", { type: "button", class: "primary" }, t("review.take"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await claim(id);
      await show(main, { ...(await get(reviewPath(id))), is_mine: true });
    } catch (error) {
      button.disabled = false;
      fill(trouble, refusalNotice(error));
    }
  });
  return h("div", {}, held, h("p", {}, t("review.takeWhy")), button, trouble);
}

function decided() {
  const next = h("a", { class: "button primary", href: "/reviews" }, t("review.next"));
  queueMicrotask(() => next.focus());
  return h("div", { class: "notice good" }, h("p", {}, status("good", t("review.done"))), h("p", {}, t("review.doneWhy")), next);
}

function back() {
  return h("p", {}, h("a", { href: "/reviews" }, t("review.back")));
}
