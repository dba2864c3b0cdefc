// What is searched for: it stands in the address, so a search can be kept, sent and gone back to.

import { beginningOf } from "../core/day.js";
import { fill, freshId, h } from "../core/dom.js";
import { get, Problem, Unreachable } from "../core/http.js";
import { isScreenKey } from "../core/key.js";
import { t } from "../core/text.js";

const PHASES = ["held", "waitlisted", "reserved", "checking_in", "awaiting_admission", "admitted", "in_progress", "paused", "terminated", "submitted", "cancelled", "expired", "no_show", "voided"];
const RELEASES = ["withheld", "released", "appealed", "final", "archived", "purged"];
const INTEGRITIES = ["undetermined", "none", "pending", "upheld_once", "upheld", "cleared"];
const MARKINGS = ["pending", "auto_marked", "awaiting_graders", "marked"];

/** @type {[string, string[]][]} names in the address, which are the interface's, and their words */
const GROUPS = [["phase", PHASES], ["marking", MARKINGS], ["integrity", INTEGRITIES], ["release", RELEASES]];
const SAME = ["exam_id", "slot_id", "student_id"];

/** The interface's question for what the address asks. @param {URLSearchParams} asked */
export function question(asked) {
  const wanted = new URLSearchParams({ limit: "50" });
  for (const name of ["q", ...SAME]) keep(wanted, name, asked.get(name)?.trim());
  for (const [name] of GROUPS) for (const word of asked.getAll(name)) keep(wanted, name, word);
  keep(wanted, "starts_from", beginningOf(asked.get("from") ?? ""));
  keep(wanted, "starts_before", beginningOf(asked.get("to") ?? "", 1));
  keep(wanted, "has_incidents", answer(asked.get("incidents")));
  keep(wanted, "is_on_hold", answer(asked.get("hold")));
  return wanted;
}

/** Whether anything narrows the search. @param {URLSearchParams} asked */
export function isNarrowed(asked) {
  return [...asked].some(([, value]) => value.trim() !== "");
}

/** @param {URLSearchParams} asked */
export function filterForm(asked) {
  const id = freshId();
  const words = h("input", { type: "search", name: "q", id, value: asked.get("q") ?? "", autocomplete: "off", maxLength: 200, "aria-describedby": `${id}-hint`, "aria-keyshortcuts": "/" });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || !isScreenKey(event)) return;
    event.preventDefault();
    words.focus();
  });
  return h(
    "form",
    { action: "/search", role: "search", class: "filter" },
    h("label", { htmlFor: id }, t("search.words")),
    h("p", { class: "hint", id: `${id}-hint` }, t("search.hint")),
    h("div", { class: "actions" }, words, h("button", { type: "submit", class: "primary" }, t("search.find")), isNarrowed(asked) && h("a", { href: "/search" }, t("search.clear"))),
    SAME.map((name) => asked.get(name) && within(name, asked.get(name) ?? "")),
    h("a", { class: "skip", href: "#found" }, t("search.skip")), // past some forty filters
    further(asked),
  );
}

/** One exam, slot or student that a link led to. @param {string} name @param {string} value */
function within(name, value) {
  const box = h("input", { type: "checkbox", name, value, checked: true });
  const words = h("span", {}, t(`search.within.${name}`));
  if (name === "student_id") named(words, value);
  return h("p", {}, h("label", { class: "choice" }, box, words));
}

/** Say whose attempts these are; where nobody can be found, the results say so. @param {HTMLElement} words @param {string} id */
async function named(words, id) {
  try {
    const { display_name: name } = await get(`/api/users/people/${encodeURIComponent(id)}`);
    fill(words, t("search.within.named", { name }));
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
  }
}

/** @param {URLSearchParams} asked */
function further(asked) {
  const names = [...GROUPS.map(([name]) => name), "from", "to", "incidents", "hold"];
  const chosen = names.filter((name) => asked.getAll(name).some(Boolean)).length;
  return h(
    "details",
    { class: "fold", open: chosen > 0 && matchMedia("(min-width: 48rem)").matches }, // elsewhere results come first
    h("summary", {}, chosen ? t("search.filtersChosen", { count: chosen }) : t("search.filters")),
    h("div", { class: "filter-row" }, day("from", asked), day("to", asked), choice("incidents", asked), choice("hold", asked)),
    h("div", { class: "filter-row" }, GROUPS.map(([name, all]) => group(name, all, new Set(asked.getAll(name))))),
  );
}

/** @param {string} name @param {URLSearchParams} asked */
function day(name, asked) {
  const id = freshId();
  return h("div", {}, h("label", { htmlFor: id }, t(`search.${name}`)), h("input", { type: "date", name, id, value: asked.get(name) ?? "" }));
}

/** @param {string} name @param {URLSearchParams} asked */
function choice(name, asked) {
  const id = freshId();
  const options = ["", "yes", "no"].map((value) => h("option", { value, selected: value === (asked.get(name) ?? "") }, t(`search.choice.${name}.${value || "any"}`)));
  return h("div", {}, h("label", { htmlFor: id }, t(`search.choice.${name}.label`)), h("select", { name, id }, options));
}

/** @param {string} name @param {string[]} all @param {Set<string>} chosen */
function group(name, all, chosen) {
  const boxes = all.map((word) => h("label", { class: "choice" }, h("input", { type: "checkbox", name, value: word, checked: chosen.has(word) }), h("span", {}, t(`standing.${name}.${word}`))));
  return h("fieldset", {}, h("legend", {}, t(`standing.${name}Label`)), boxes);
}

/** @param {string | null} word */
function answer(word) {
  return word === "yes" ? "true" : word === "no" ? "false" : null;
}

/** @param {URLSearchParams} wanted @param {string} name @param {string | null | undefined} value */
function keep(wanted, name, value) {
  if (value) wanted.append(name, value);
}
