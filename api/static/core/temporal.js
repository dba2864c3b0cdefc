// Where an attempt's workflows stand in the Temporal UI: for people who operate. A page that shows this needs the texts "temporal".

import { fill, h } from "./dom.js";
import { get } from "./http.js";
import { status } from "./status.js";
import { has, t } from "./text.js";
import { relative } from "./time.js";
import { troubleNotice } from "./trouble.js";

/** @typedef {{ kind: string, workflow_id: string, run_id: string, status: string, started_at: string, closed_at: string | null, url: string }} Workflow */

/** Who may read them. */
export const OPERATORS = ["admin"];

const TONES = /** @type {const} */ ({ running: "good", completed: "plain", continued_as_new: "plain", failed: "critical", terminated: "high", timed_out: "critical", canceled: "medium", paused: "medium" });

/**
 * A closed part of the page that asks when it is opened.
 * @param {string} attemptId
 */
export function workflowsOf(attemptId) {
  const place = h("div", {});
  const element = h("details", {}, h("summary", {}, t("temporal.title")), place);
  const show = async () => {
    fill(place, h("p", { class: "quiet" }, t("shared.loading")));
    try {
      const { items } = await get(`/api/reservations/attempts/${attemptId}/workflows`);
      fill(place, items.length ? h("ul", { class: "rows" }, items.map(row)) : h("p", { class: "quiet" }, t("temporal.none")));
    } catch (error) {
      fill(place, troubleNotice(error, show));
    }
  };
  element.addEventListener("toggle", () => element.open && show());
  return element;
}

/**
 * A link into the Temporal UI, in a tab of its own.
 * @param {string} url
 * @param {string} words
 */
export function temporalLink(url, words) {
  return h("a", { href: url, target: "_blank", rel: "noopener" }, words, h("span", { class: "unseen" }, t("temporal.newTab")));
}

/** @param {Workflow} workflow */
function row(workflow) {
  const when = workflow.closed_at ? t("temporal.ended", { when: relative(workflow.closed_at) }) : t("temporal.began", { when: relative(workflow.started_at) });
  return h("li", { class: "row" }, temporalLink(workflow.url, name(workflow.kind)), state(workflow.status), h("span", { class: "quiet small" }, when), h("code", { class: "small" }, workflow.workflow_id));
}

/**
 * A type of workflow in words.
 * @param {string} kind
 */
export function name(kind) {
  return has(`temporal.kind.${kind}`) ? t(`temporal.kind.${kind}`) : kind;
}

/** @param {string} word */
function state(word) {
  return status(TONES[/** @type {keyof typeof TONES} */ (word)] ?? "plain", has(`temporal.status.${word}`) ? t(`temporal.status.${word}`) : word.replaceAll("_", " "));
}
