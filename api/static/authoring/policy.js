// The rules of an exam as a form: what authors choose; everything else keeps its default.

import { form } from "../core/form.js";
import { minutesAsIso, secondsOf } from "../core/iso.js";
import { t } from "../core/text.js";

/** @typedef {import("./draft.js").Draft} Draft */

/**
 * @param {Draft} draft
 * @param {() => void} saved
 */
export function policyForm(draft, saved) {
  const { exam } = draft;
  const { policy } = exam;
  const words = (/** @type {string} */ name, /** @type {string[]} */ values) => values.map((value) => /** @type {[string, string]} */ ([value, t(`authoring.${name}.${value}`)]));
  return form({
    fields: [
      { name: "title", label: t("authoring.field.title"), value: exam.title },
      { name: "instructions", label: t("authoring.field.instructions"), hint: t("authoring.field.markdown"), type: "textarea", value: exam.instructions, optional: true },
      { name: "duration", label: t("authoring.field.duration"), type: "number", value: String(secondsOf(policy.duration) / 60), more: { min: 1, max: 1440 } },
      { name: "pass_mark", label: t("authoring.field.passMark"), type: "number", value: String(policy.pass_mark), more: { min: 0, max: 100 } },
      { name: "shuffle", label: t("authoring.field.shuffle"), type: "select", value: order(policy), options: words("shuffle", ["none", "questions", "options", "both"]) },
      { name: "admission", label: t("authoring.field.admission"), type: "select", value: policy.admission, options: words("admission", ["proctor", "automatic"]) },
      { name: "release", label: t("authoring.field.release"), type: "select", value: policy.release, options: words("release", ["manual", "when_ready"]) },
      { name: "preset", label: t("authoring.field.preset"), hint: t("authoring.field.presetHint"), type: "select", value: policy.detection.preset, options: words("preset", ["strict", "moderate", "lenient"]) },
    ],
    submit: t("authoring.save"),
    send: async (values) => {
      await draft.save({ title: values.title, instructions: values.instructions, policy: changed(policy, values) });
      saved();
    },
  });
}

/** @param {any} policy @param {Record<string, string>} values */
function changed(policy, { duration, pass_mark: passMark, shuffle, admission, release, preset }) {
  const detection = preset === policy.detection.preset ? policy.detection : { preset };
  return {
    ...policy,
    duration: minutesAsIso(Number(duration)),
    pass_mark: passMark,
    shuffle_questions: shuffle === "questions" || shuffle === "both",
    shuffle_options: shuffle === "options" || shuffle === "both",
    admission,
    release,
    detection,
  };
}

/** @param {any} policy */
function order({ shuffle_questions: questions, shuffle_options: options }) {
  if (questions) return options ? "both" : "questions";
  return options ? "options" : "none";
}
