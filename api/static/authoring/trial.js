// Trying an exam out: the room's questions, answers that nobody keeps, and the automatic marks at the end.

import { fill, h } from "../core/dom.js";
import { get, post } from "../core/http.js";
import { rich } from "../core/markup.js";
import { shownNumber, t } from "../core/text.js";
import { refusalNotice } from "../core/trouble.js";
import { pointsOf } from "../core/word.js";
import { isAnswered, questionForm } from "../room/question.js";

/** @param {string} path of the exam, in the interface */
export async function tryOut(path) {
  const body = h("div", {});
  const close = h("button", { type: "button", onClick: () => dialog.close() }, t("authoring.trial.close"));
  const dialog = h("dialog", { class: "editor", "aria-labelledby": "trial-title" },
    h("div", { class: "row" }, h("h2", { id: "trial-title" }, t("authoring.trial.title")), close),
    h("p", { class: "notice" }, t("authoring.trial.about")), body);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  try {
    const seed = Math.floor(Math.random() * 1_000_000);
    sit(body, path, await get(`${path}/preview?seed=${seed}`));
  } catch (error) {
    fill(body, refusalNotice(error));
  }
}

/** @param {HTMLElement} body @param {string} path @param {any} paper */
function sit(body, path, paper) {
  const questions = paper.sections.flatMap((/** @type {any} */ section) => section.questions.map((/** @type {any} */ question) => ({ ...question, section: section.title })));
  /** @type {Record<string, any>} */
  const answers = {};
  let at = 0;
  const show = () => {
    const question = questions[at];
    const form = questionForm(question, at + 1, answers[question.question_id] ?? null, (value) => {
      if (value !== undefined) answers[question.question_id] = value;
    });
    const back = h("button", { type: "button", disabled: at === 0, onClick: () => step(-1) }, t("room.back"));
    const next = h("button", { type: "button", disabled: at === questions.length - 1, onClick: () => step(1) }, t("room.next"));
    const mark = h("button", { type: "button", class: "primary", onClick: () => finish() }, t("authoring.trial.mark"));
    const where = t("authoring.trial.place", { number: at + 1, count: questions.length });
    fill(body, h("p", { class: "quiet" }, [where, question.section].filter(Boolean).join(" – ")), at === 0 && h("div", {}, rich(paper.instructions_html)), form, h("div", { class: "actions" }, back, next, mark));
    form.querySelector("h2")?.focus();
  };
  const step = (/** @type {number} */ by) => {
    at += by;
    show();
  };
  const finish = async () => {
    const given = Object.fromEntries(Object.entries(answers).filter(([, value]) => isAnswered(value)));
    try {
      fill(body, outcome(await post(`${path}/trial`, { answers: given }), questions, show));
      body.querySelector("h3")?.focus();
    } catch (error) {
      fill(body, refusalNotice(error), h("button", { type: "button", onClick: show }, t("room.back")));
    }
  };
  body.addEventListener("keydown", (event) => keys(event, body, at > 0 ? () => step(-1) : null, at < questions.length - 1 ? () => step(1) : null));
  if (questions.length) show();
  else fill(body, h("p", { class: "notice" }, t("authoring.noQuestions")));
}

/**
 * As in the room: arrows go between questions, digits choose.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} body
 * @param {(() => void) | null} back
 * @param {(() => void) | null} next
 */
function keys(event, body, back, next) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.matches("textarea, input:not([type=radio], [type=checkbox])") || event.ctrlKey || event.metaKey || event.altKey) return;
  const choices = /** @type {HTMLInputElement[]} */ ([...body.querySelectorAll(".question input:is([type=radio], [type=checkbox])")]);
  const go = { ArrowLeft: back, ArrowRight: next }[event.key] ?? (/^[1-9]$/.test(event.key) ? () => choices[Number(event.key) - 1]?.click() : null);
  if (!go || (event.key.startsWith("Arrow") && target.matches("[type=radio]"))) return;
  event.preventDefault();
  go();
}

/** @param {any} result @param {any[]} questions @param {() => void} again */
function outcome(result, questions, again) {
  const amount = (/** @type {string} */ points) => shownNumber(Number(points));
  const place = (/** @type {string} */ id) => questions.findIndex((question) => question.question_id === id);
  const items = [...result.items].sort((a, b) => place(a.question_id) - place(b.question_id));
  const rows = items.map((item, number) =>
    h("li", { class: "card" },
      h("h4", {}, t("authoring.trial.question", { number: number + 1 })),
      h("p", {}, item.earned === null ? null : h("strong", {}, pointsOf(item.earned, item.points)), ` ${item.explanation}`),
      item.feedback_html.map((/** @type {string} */ html) => h("div", { class: "quiet" }, rich(html)))));
  const total = t("authoring.trial.total", { earned: amount(result.earned), points: amount(result.points) });
  const awaited = Number(result.awaited) ? ` ${t("authoring.trial.awaited", { points: amount(result.awaited) })}` : "";
  return h("div", {}, h("h3", { tabIndex: -1 }, total), h("p", {}, t("authoring.trial.pass", { percent: amount(result.pass_mark) }), awaited), h("ol", { class: "cards" }, rows), h("button", { type: "button", onClick: again }, t("authoring.trial.again")));
}
