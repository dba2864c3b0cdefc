// Forms that keep what was typed, say what is wrong beside the field and in a summary that takes the focus.

import { fill, freshId, h } from "./dom.js";
import { Problem } from "./http.js";
import { has, t } from "./text.js";
import { inWords } from "./trouble.js";

/**
 * @typedef {object} Field
 * @property {string} name also the JSON pointer of its value, without the slash
 * @property {string} label
 * @property {string} [hint]
 * @property {string} [type] of the input; `select` and `textarea` are those
 * @property {string} [autocomplete]
 * @property {string} [value]
 * @property {boolean} [optional]
 * @property {[string, string][]} [options] value and text, of a select
 * @property {string} [group] fields of one group are folded away under this heading
 * @property {Record<string, any>} [more] further properties of the control
 */

/**
 * @typedef {object} Plan
 * @property {Field[]} fields
 * @property {string} submit what the button says
 * @property {(values: Record<string, string>) => Promise<void>} send may raise Problem
 * @property {(HTMLElement | null)[]} [beside] links next to the button
 */

/**
 * @param {Plan} plan
 * @returns {HTMLFormElement}
 */
export function form(plan) {
  const summary = h("div", {});
  const rows = plan.fields.map(row);
  const button = h("button", { type: "submit", class: "primary" }, plan.submit);
  const element = h(
    "form",
    { noValidate: true },
    summary,
    folded(rows),
    h("div", { class: "actions" }, button, ...(plan.beside ?? [])),
  );
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    try {
      await submit(plan, rows, summary);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
  return element;
}

/** Each group in the place of its first field. @param {Row[]} rows @returns {HTMLElement[]} */
function folded(rows) {
  /** @type {Map<string, HTMLElement>} */
  const folds = new Map();
  /** @type {HTMLElement[]} */
  const found = [];
  for (const { field: { group }, element } of rows) {
    const fold = group ? folds.get(group) : undefined;
    if (fold) fold.append(element);
    else if (group) folds.set(group, h("details", { class: "fold" }, h("summary", {}, group), element));
    if (!fold) found.push(folds.get(group ?? "") ?? element);
  }
  return found;
}

/** @typedef {ReturnType<typeof row>} Row */

/** @param {Plan} plan @param {Row[]} rows @param {HTMLElement} summary */
async function submit(plan, rows, summary) {
  fill(summary);
  for (const each of rows) each.complain("");
  const missing = rows.filter((each) => !each.field.optional && !each.control.value.trim());
  for (const each of missing) each.complain(t("shared.form.missing", { label: each.field.label }));
  if (missing.length) return summarise(summary, rows, []);
  try {
    await plan.send(Object.fromEntries(rows.map((each) => [each.field.name, each.control.value])));
  } catch (error) {
    summarise(summary, rows, placed(error, rows));
  }
}

/**
 * Put each field's problem beside it; what belongs to no field is returned.
 * @param {unknown} error
 * @param {Row[]} rows
 * @returns {string[]}
 */
function placed(error, rows) {
  if (!(error instanceof Problem || error instanceof Error) || !(error instanceof Problem)) return [inWords(error)];
  const homeless = [];
  for (const { pointer, problem, advice } of error.fields) {
    const home = rows.find((each) => pointer === `/${each.field.name}` || pointer.startsWith(`/${each.field.name}/`));
    const said = [problem, advice].filter(Boolean).join("; ");
    if (home) home.complain(said);
    else homeless.push(`${pointer.slice(1)}: ${said}`);
  }
  return error.fields.length ? homeless : [inWords(error)];
}

/** @param {HTMLElement} summary @param {Row[]} rows @param {string[]} further */
function summarise(summary, rows, further) {
  const wrong = rows.filter((each) => each.complaint());
  for (const { element } of wrong) element.closest("details")?.setAttribute("open", "");
  const heading = h("h2", { tabIndex: -1 }, t("shared.form.summary"));
  const links = wrong.map((each) =>
    h("li", {}, h("a", { href: `#${each.control.id}`, onClick: focusing(each.control) }, each.complaint())),
  );
  fill(summary, h("div", { class: "summary" }, heading, h("ul", {}, links, further.map((text) => h("li", {}, text)))));
  heading.focus();
}

/** @param {HTMLElement} control */
function focusing(control) {
  return (/** @type {Event} */ event) => {
    event.preventDefault();
    control.focus();
  };
}

/** @param {Field} field */
function row(field) {
  const control = controlOf(field);
  control.id = freshId();
  const hint = field.hint ? h("p", { class: "hint", id: `${control.id}-hint` }, field.hint) : null;
  const wrong = h("p", { class: "wrong", id: `${control.id}-wrong` });
  const label = field.optional ? t("shared.form.optional", { label: field.label }) : field.label;
  const element = h("div", { class: "field" }, h("label", { htmlFor: control.id }, label), hint, control);
  /** @param {string} text */
  const complain = (text) => {
    wrong.textContent = text;
    if (text) control.before(wrong);
    else wrong.remove();
    control.setAttribute("aria-invalid", String(Boolean(text)));
    const ids = [hint?.id, text ? wrong.id : null].filter(Boolean).join(" ");
    if (ids) control.setAttribute("aria-describedby", ids);
    else control.removeAttribute("aria-describedby");
  };
  complain("");
  return { field, control, element, complain, complaint: () => wrong.isConnected ? wrong.textContent ?? "" : "" };
}

/** @param {Field} field @returns {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} */
function controlOf(field) {
  const shared = { name: field.name, autocomplete: field.autocomplete, required: !field.optional, ...field.more };
  if (field.type === "textarea") return h("textarea", { ...shared, value: field.value ?? "" });
  if (field.type !== "select") return h("input", { ...shared, type: field.type ?? "text", value: field.value ?? "" });
  const options = (field.options ?? []).map(([value, text]) =>
    h("option", { value, selected: value === field.value }, text),
  );
  return h("select", shared, options);
}

/**
 * The text of a word of the interface, or the word itself where it is newer than the catalogue.
 * @param {string} area
 * @param {string} word
 */
export function wordOf(area, word) {
  return has(`${area}.${word}`) ? t(`${area}.${word}`) : word.replaceAll("_", " ");
}
