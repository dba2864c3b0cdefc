// What went wrong, in words: what happened, why, what to do, and a reference.

import { h } from "./dom.js";
import { Problem, Unreachable } from "./http.js";
import { has, language, t } from "./text.js";
import { dateTime } from "./time.js";

const list = new Intl.ListFormat(language, { type: "conjunction" });

/**
 * One sentence or two for a person.
 * @param {unknown} error
 * @returns {string}
 */
export function inWords(error) {
  if (error instanceof Unreachable) return t("shared.trouble.unreachable");
  if (!(error instanceof Problem)) return t("shared.trouble.unexpected");
  const known = `shared.problem.${error.type}`;
  const said = moved(error.document) ?? (has(known) ? t(known) : sentence(error.message));
  const reference = error.reference ? [t("shared.trouble.reference", { reference: error.reference })] : [];
  return [said, ...moments(error.document), ...reference].join(" ");
}

/**
 * What a machine refuses: how the thing stands, and who may do it or that nobody may now.
 * @param {{ machine?: string, state?: string, actors?: string[] }} document
 */
function moved({ machine, state, actors }) {
  const known = `shared.stands.${machine}.${state}`;
  if (!has(known)) return null;
  const people = (actors ?? []).filter((role) => has(`shared.people.${role}`)).map((role) => t(`shared.people.${role}`));
  const why = !actors ? t("shared.notNow") : people.length ? t("shared.forOthers", { who: list.format(people) }) : t("shared.forNobody");
  return `${t(known)} ${why}`;
}

/**
 * The instants that belong to a refusal, in the reader's zone: sentences of the interface hold none.
 * @param {Record<string, unknown>} document
 */
function moments(document) {
  const told = Object.entries(document).filter(([name, value]) => typeof value === "string" && has(`shared.moment.${name}`));
  return told.map(([name, value]) => t(`shared.moment.${name}`, { when: dateTime(String(value)) }));
}

/**
 * A notice in place of what could not be shown, with a way to try again.
 * @param {unknown} error
 * @param {() => void} [again]
 */
export function troubleNotice(error, again) {
  if (!(error instanceof Problem || error instanceof Unreachable)) console.error(error);
  return h(
    "div",
    { class: "notice critical" },
    h("h2", {}, t("shared.trouble.title")),
    h("p", {}, inWords(error)),
    again && h("button", { type: "button", onClick: again }, t("shared.tryAgain")),
  );
}

/**
 * What was asked for and refused, beside the button that asked.
 * @param {unknown} error
 */
export function refusalNotice(error) {
  if (!(error instanceof Problem || error instanceof Unreachable)) console.error(error);
  return h("p", { class: "notice medium", role: "alert" }, inWords(error));
}

/** @param {string} text */
function sentence(text) {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
