// The words for what an act changed: names of fields as the forms have them, states, durations and instants as people say them.

import { RULES, UNITS } from "../authoring/rule.js";
import { h } from "../core/dom.js";
import { secondsOf } from "../core/iso.js";
import { has, shownNumber, t } from "../core/text.js";
import { dateTime, duration } from "../core/time.js";
import { isNothing } from "./leaf.js";

/** @typedef {import("./leaf.js").Change} Change */

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DURATION = /^P(?=.)/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
const EXCERPT = 40; // letters of a question that tell which one it is

/** Where the words of a field's values are; elsewhere they are looked up under `audit.word`. @type {Record<string, string>} */
const WORDS = { phase: "standing.phase", release: "standing.release", roles: "shared.role", ruling: "audit.ruling", outcome: "audit.outcome", verb: "audit.act.attempt_", stage: "audit.stage", step: "audit.step", check_in_steps: "audit.step" };
/** What a person wrote is shown as it is. */
const WRITTEN = new Set(["title", "text", "instructions", "comment", "reason", "display_name", "student_number", "cohort", "email", "feedback", "feedback_right", "feedback_wrong", "unit", "key"]);

/** The parts of an exam's policy, which its form does not name. */
const GROUPS = new Set(["policy", "detection", "risk", "review", "retention"]);

/** @param {string[]} path */
function ruleAt(path) {
  const wanted = path.slice(1).join("/");
  return path[0] === "policy" ? RULES.find((rule) => rule.path === wanted) : undefined;
}

/**
 * What a value is called: a rule as its form calls it, else each step of the way to it.
 * @param {string[]} path
 * @param {import("./table.js").Act} act tells a question by how it begins
 */
export function label(path, act) {
  const rule = ruleAt(path);
  if (rule) return t(`authoring.rule.${path.at(-1)}`);
  const steps = path[0] === "policy" ? path.filter((step) => !GROUPS.has(step)) : path;
  const named = steps.map((step, place) => (ID.test(step) ? excerpt(steps[place - 1], step, act) : /^\d+$/.test(step) ? shownNumber(Number(step) + 1) : field(step)));
  return named.filter(Boolean).join(" · ");
}

/** @param {string} name */
function field(name) {
  if (has(`audit.value.${name}`)) return t(`audit.value.${name}`);
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {string} kind @param {string} id @param {import("./table.js").Act} act */
function excerpt(kind, id, act) {
  const found = act.after[`${kind}.${id}`] ?? act.before[`${kind}.${id}`];
  const text = String(found?.title || found?.text || "").replace(/\s+/g, " ");
  if (!text) return "";
  return t("audit.quoted", { text: text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text });
}

/**
 * @param {Change} change
 * @param {unknown} value before or after
 * @param {Record<string, string>} people names by id
 * @returns {Node | string}
 */
export function word({ path }, value, people) {
  if (isNothing(value)) return "–";
  const rule = ruleAt(path);
  if (rule) return ruled(rule, value);
  if (!Array.isArray(value)) return single(path, value, people);
  if (value.every((each) => ID.test(String(each)) && !people[String(each)])) return shownNumber(value.length);
  return h("span", {}, value.map((each, place) => [place ? ", " : "", single(path, each, people)]).flat());
}

/** In the unit and the words of the exam's form. @param {import("../authoring/rule.js").Rule} rule @param {any} value */
function ruled({ path, unit }, value) {
  const shown = UNITS[unit].shown(value);
  const name = path.split("/").at(-1);
  return unit === "truth" ? t(`authoring.${shown}`) : has(`authoring.${name}.${shown}`) ? t(`authoring.${name}.${shown}`) : shown;
}

/** @param {string[]} path @param {unknown} value @param {Record<string, string>} people @returns {Node | string} */
function single(path, value, people) {
  const name = path.findLast((step) => !/^\d+$/.test(step)) ?? "";
  if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
  if (typeof value === "number") return shownNumber(value);
  const text = String(value);
  if (ID.test(text)) return people[text] ?? reference(name, text);
  if (WRITTEN.has(name)) return text;
  if (DURATION.test(text) && !Number.isNaN(Number(text.at(-2)))) return duration(secondsOf(text));
  if (INSTANT.test(text)) return dateTime(text);
  return called(path, name, text);
}

/** @param {string[]} path @param {string} name @param {string} text */
function called(path, name, text) {
  const area = name === "kind" ? (path[0] === "question" ? "authoring.kind" : "audit.review") : (WORDS[name] ?? "audit.word");
  const keys = [area.endsWith("_") ? area + text : `${area}.${text}`, `audit.word.${text}`];
  const key = keys.find(has);
  return key ? t(key) : text;
}

/** What has a page of its own leads there; an id alone says nothing to anybody. @param {string} name @param {string} id */
function reference(name, id) {
  const page = { attempt_id: `/attempts/${id}/record`, exam_id: `/authoring/${id}`, slot_id: `/wall/${id}` }[name];
  return page ? h("a", { href: page }, t("audit.open")) : t("audit.unnamed");
}
