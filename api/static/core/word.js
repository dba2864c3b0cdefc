// Words of the interface in the reader's language: kinds of incidents, severities, marks.

import { h } from "./dom.js";
import { status } from "./status.js";
import { has, shownNumber, t } from "./text.js";

const TONES = /** @type {const} */ ({ low: "plain", medium: "medium", high: "high", critical: "critical", technical: "technical" });

/**
 * A severity as sign, word and colour.
 * @param {string} severity
 */
export function severity(severity) {
  return status(TONES[/** @type {keyof typeof TONES} */ (severity)] ?? "plain", t(`word.severity.${severity}`));
}

/**
 * The words for a kind of incident; one that is newer than the catalogue is shown as it is.
 * @param {string} kind
 */
export function incidentName(kind) {
  return has(`word.incident.${kind}`) ? t(`word.incident.${kind}`) : kind.replaceAll("_", " ");
}

/**
 * "3.5 of 5 points"; decimals come as text and stay exact.
 * @param {string} earned
 * @param {string} points
 */
export function pointsOf(earned, points) {
  return t("word.points", { earned: shownNumber(Number(earned)), points: shownNumber(Number(points)), count: Number(points) });
}

/**
 * The value of an answer for people.
 * @param {any} answer
 * @param {{ options: { key: string, html: string }[] }} question
 * @param {(html: string) => Node[]} rich
 */
export function answerShown(answer, question, rich) {
  if (!answer || (answer.kind === "choice" && !answer.chosen.length)) return h("p", { class: "quiet" }, t("word.noAnswer"));
  if (answer.kind === "text") return h("div", { class: "essay" }, answer.text);
  if (answer.kind === "number") return h("p", {}, answer.value);
  if (answer.kind === "truth") return h("p", {}, t(answer.value ? "word.true" : "word.false"));
  const chosen = question.options.filter((option) => answer.chosen.includes(option.key));
  return h("ul", {}, chosen.map((option) => h("li", {}, rich(option.html))));
}
