// One exam of an author: its questions, trying it out, rules, import, slots, and publishing.

import { Draft } from "../authoring/draft.js";
import { giftForm } from "../authoring/gift.js";
import { paperSection } from "../authoring/paper.js";
import { policyForm } from "../authoring/policy.js";
import { slotSection } from "../authoring/slot.js";
import { tryOut } from "../authoring/trial.js";
import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { remembered } from "../core/focus.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { refusalNotice } from "../core/trouble.js";

const id = location.pathname.split("/")[2];

screen(async (main) => show(main, await Draft.load(id)), { roles: ["author", "admin"] });

/** @typedef {import("../authoring/draft.js").Section} Section */

/** @param {HTMLElement} main @param {Draft} draft @param {{ words: string, back: Section[] }} [taken] what was just removed @param {HTMLElement | null} [told] of an import */
function show(main, draft, taken, told) {
  const { exam } = draft;
  /** @type {HTMLElement} */ (main.querySelector("h1")).textContent = exam.title;
  document.title = `${exam.title} – ProctorWise`;
  const again = async (/** @type {{ words: string, back: Section[] } | undefined} */ removed = undefined, /** @type {HTMLElement | null} */ said = null) => show(main, await Draft.load(id), removed, said);
  const hasQuestions = exam.sections.some((section) => section.questions.length);
  const word = exam.is_published ? status("good", t("authoring.published")) : status("waiting", t("authoring.draft"));
  const back = remembered(content(main));
  fill(
    content(main),
    h("p", {}, word, " ", t("authoring.version", { version: exam.version })),
    exam.is_published ? h("p", { class: "notice" }, t("authoring.editing")) : null,
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", class: "primary", onClick: () => publish(draft, again) }, t("authoring.publish")),
      hasQuestions && h("button", { type: "button", onClick: () => tryOut(draft.path) }, t("authoring.trial.open")),
      (exam.is_published || exam.version > 1) && h("button", { type: "button", class: "grave", onClick: () => withdraw(draft, again) }, t("authoring.withdraw")),
    ),
    ways(),
    taken ? undo(draft, taken, again) : null,
    told,
    paperSection(draft, again),
    giftForm(draft, (warnings) => again(undefined, warnings)),
    h("section", {}, h("h2", { id: "rules", tabIndex: -1 }, t("authoring.rules")), policyForm(draft, again)),
    slotSection(id),
  );
  back();
}

/** An exam of many questions is long: its sections are one step away. */
function ways() {
  const links = [["questions", "authoring.paper.title"], ["import", "authoring.gift.title"], ["rules", "authoring.rules"], ["slots", "authoring.slot.title"]].map(([place, words]) =>
    h("a", { href: `#${place}` }, t(words)),
  );
  return h("nav", { class: "actions", "aria-label": t("authoring.ways") }, links);
}

/** @param {Draft} draft @param {{ words: string, back: Section[] }} taken @param {() => void} again */
function undo(draft, taken, again) {
  const back = h("button", { type: "button" }, t("authoring.paper.undo"));
  const place = h("div", { class: "notice", role: "status" }, h("p", {}, taken.words, " ", back));
  back.addEventListener("click", async () => {
    try {
      await draft.save({ sections: taken.back });
      again();
    } catch (error) {
      fill(place, refusalNotice(error));
    }
  });
  queueMicrotask(() => back.focus());
  return place;
}

/** @param {Draft} draft @param {() => void} again */
async function publish(draft, again) {
  const isDone = await confirmed({
    title: t("authoring.publishTitle"),
    text: [t("authoring.publishText"), draft.exam.policy.cap_at_slot_end ? t("authoring.publishCapped") : ""].filter(Boolean).join(" "),
    confirm: t("authoring.publish"),
    act: async () => void (await draft.publish()),
  });
  if (isDone) again();
}

/** @param {Draft} draft @param {() => void} again */
async function withdraw(draft, again) {
  const isDone = await confirmed({
    title: t("authoring.withdrawTitle"),
    text: t("authoring.withdrawText"),
    confirm: t("authoring.withdraw"),
    act: () => draft.withdraw(),
  });
  if (isDone) again();
}
