// Title and rules of an exam as a form; what was not touched stays as it is.

import { form } from "../core/form.js";
import { t } from "../core/text.js";
import { ruleField, ruleOf, RULES, UNITS, withRule } from "./rule.js";

/** @typedef {import("./draft.js").Draft} Draft */

/** What detection can look for; the words are those of the interface. */
const THINGS = ["cell phone", "book", "tv", "laptop"];
const PRESET = "detection/preset";

/**
 * @param {Draft} draft
 * @param {() => void} saved
 */
export function policyForm(draft, saved) {
  const { exam } = draft;
  const { policy } = exam;
  const words = (/** @type {string} */ name, /** @type {string[]} */ values) => values.map((value) => /** @type {[string, string]} */ ([value, t(`authoring.${name}.${value}`)]));
  const [duration, passMark, ...others] = RULES.map((rule) => ruleField(policy, rule));
  const photo = policy.check_in_steps.includes("identity_photo") ? "yes" : "no";
  const yesOrNo = /** @type {[string, string][]} */ ([["no", t("authoring.no")], ["yes", t("authoring.yes")]]);
  return form({
    fields: [
      { name: "title", label: t("authoring.field.title"), value: exam.title },
      { name: "instructions", label: t("authoring.field.instructions"), hint: t("authoring.field.markdown"), type: "textarea", value: exam.instructions, optional: true },
      duration,
      passMark,
      { name: "shuffle", label: t("authoring.field.shuffle"), type: "select", value: order(policy), options: words("shuffle", ["none", "questions", "options", "both"]) },
      ...others,
      { name: "photo", label: t("authoring.rule.identity_photo"), type: "select", value: photo, options: yesOrNo, group: t("authoring.fold.checkIn") },
      ...THINGS.map((thing, place) => ({ name: `thing-${place}`, label: t(`authoring.thing.${thing.replace(" ", "_")}`), type: "select", value: policy.detection.forbidden.includes(thing) ? "yes" : "no", options: yesOrNo, group: t("authoring.fold.watching") })),
    ],
    submit: t("authoring.save"),
    send: async (values) => {
      await draft.save({ title: values.title, instructions: values.instructions, policy: changed(policy, values) });
      saved();
    },
  });
}

/**
 * A new preset brings its own thresholds; only those that were touched in the same breath win over it.
 * @param {any} policy @param {Record<string, string>} values
 */
function changed(policy, values) {
  const touched = RULES.filter(({ path, unit }) => values[`policy/${path}`] !== UNITS[unit].shown(ruleOf(policy, path)));
  const isPreset = touched.some(({ path }) => path === PRESET);
  const start = isPreset ? { ...policy, detection: {} } : policy;
  const ruled = touched.reduce((made, { path, unit }) => withRule(made, path, UNITS[unit].kept(values[`policy/${path}`])), start);
  const forbidden = THINGS.filter((_, place) => values[`thing-${place}`] === "yes");
  const steps = policy.check_in_steps.filter((/** @type {string} */ step) => step !== "identity_photo");
  const { shuffle } = values;
  return {
    ...ruled,
    detection: { ...ruled.detection, forbidden },
    check_in_steps: values.photo === "yes" ? withPhoto(steps) : steps,
    shuffle_questions: shuffle === "questions" || shuffle === "both",
    shuffle_options: shuffle === "options" || shuffle === "both",
  };
}

/** Consent comes last. @param {string[]} steps */
function withPhoto(steps) {
  return [...steps.filter((step) => step !== "consent"), "identity_photo", ...steps.filter((step) => step === "consent")];
}

/** @param {any} policy */
function order({ shuffle_questions: questions, shuffle_options: options }) {
  if (questions) return options ? "both" : "questions";
  return options ? "options" : "none";
}
