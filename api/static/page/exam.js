// One exam of an author: questions with a preview, rules, import, slots, and publishing.

import { Draft } from "../authoring/draft.js";
import { giftForm } from "../authoring/gift.js";
import { policyForm } from "../authoring/policy.js";
import { slotSection } from "../authoring/slot.js";
import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { rich } from "../core/markup.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { refusalNotice } from "../core/trouble.js";
import { questionForm } from "../room/question.js";

const id = location.pathname.split("/")[2];

screen(async (main) => show(main, await Draft.load(id)), { roles: ["author", "admin"] });

/** @param {HTMLElement} main @param {Draft} draft */
function show(main, draft) {
  const { exam } = draft;
  /** @type {HTMLElement} */ (main.querySelector("h1")).textContent = exam.title;
  document.title = `${exam.title} – ProctorWise`;
  const again = async () => show(main, await Draft.load(id));
  const word = exam.is_published ? status("good", t("authoring.published")) : status("waiting", t("authoring.draft"));
  fill(
    content(main),
    h("p", {}, word, " ", t("authoring.version", { version: exam.version })),
    h("div", { class: "actions" }, h("button", { type: "button", class: "primary", onClick: () => publish(draft, again) }, t("authoring.publish"))),
    questions(exam),
    h("section", {}, h("h2", {}, t("authoring.rules")), policyForm(draft, again)),
    giftForm(draft, again),
    slotSection(id),
  );
}

/** @param {import("../authoring/draft.js").Exam} exam */
function questions(exam) {
  const count = exam.sections.reduce((sum, section) => sum + section.questions.length, 0);
  const place = h("div", {});
  const look = h("details", { onToggle: () => look.open && preview(place) }, h("summary", {}, t("authoring.preview")), place);
  const rows = exam.sections.flatMap((section) => section.questions).map((question, number) =>
    h("li", { class: "row" }, h("span", {}, `${number + 1}. `, question.title || question.text.slice(0, 80)), h("span", { class: "quiet" }, t(`authoring.kind.${question.kind}`), ", ", t("authoring.points", { points: question.points, count: Number(question.points) }))),
  );
  return h("section", {}, h("h2", {}, t("authoring.questions", { count })), rows.length ? h("ol", { class: "rows" }, rows) : h("p", { class: "notice" }, t("authoring.noQuestions")), rows.length ? look : null);
}

/** The paper as a student sees it; nothing that is answered here is kept. @param {HTMLElement} place */
async function preview(place) {
  try {
    const paper = await get(`/api/reservations/exams/${id}/preview`);
    const all = paper.sections.flatMap((/** @type {any} */ section) => section.questions);
    let number = 0;
    const show = () => {
      const back = h("button", { type: "button", disabled: number === 0, onClick: () => step(-1) }, t("room.back"));
      const next = h("button", { type: "button", disabled: number === all.length - 1, onClick: () => step(1) }, t("room.next"));
      fill(place, h("div", {}, rich(paper.instructions_html)), questionForm(all[number], number + 1, null, () => undefined), h("div", { class: "actions" }, back, next));
    };
    const step = (/** @type {number} */ by) => {
      number += by;
      show();
    };
    show();
  } catch (error) {
    fill(place, refusalNotice(error));
  }
}

/** @param {Draft} draft @param {() => void} again */
async function publish(draft, again) {
  const isDone = await confirmed({
    title: t("authoring.publishTitle"),
    text: t("authoring.publishText"),
    confirm: t("authoring.publish"),
    act: () => draft.publish(),
  });
  if (isDone) again();
}
