// Importing people: a list as CSV, what would happen to each line, and then all of it at once.

import { announce } from "../core/announce.js";
import { fill, freshId, h } from "../core/dom.js";
import { form } from "../core/form.js";
import { post } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { t } from "../core/text.js";
import { refusalNotice } from "../core/trouble.js";
import { previewOf } from "../people/preview.js";

const PATH = "/api/users/import";
const CSV = { "Content-Type": "text/csv" };

screen(
  (main) => {
    main.classList.add("wide");
    const outcome = h("div", {});
    const asked = form({
      fields: [{ name: "list", label: t("people.import.list"), hint: t("people.import.listHint"), type: "textarea", more: { spellcheck: false, rows: 10, onInput: () => fill(outcome), class: "wide" } }],
      submit: t("people.import.preview"),
      send: async ({ list }) => preview(outcome, list),
    });
    const area = /** @type {HTMLTextAreaElement} */ (asked.querySelector("textarea"));
    const took = h("div", { role: "status" });
    fill(
      content(main),
      h("p", {}, h("a", { href: "/people" }, t("people.all"))),
      h("p", {}, t("people.import.about")),
      columns(),
      h("div", { class: "actions" }, h("a", { class: "button", href: `${PATH}/template`, download: "people.csv" }, t("people.import.template"))),
      picker(area, took, outcome),
      took,
      asked,
      outcome,
    );
  },
  { roles: ["admin"] },
);

function columns() {
  const names = ["email", "name", "roles", "student_number", "cohort", "time_factor", "time_factor_reason", "time_zone", "language"];
  const rows = names.map((name) => [h("dt", {}, h("code", {}, name)), h("dd", {}, t(`people.import.column.${name}`))]);
  return h("details", {}, h("summary", {}, t("people.import.columns")), h("dl", { class: "facts" }, rows));
}

/**
 * A file is read into the text field, where it can be mended.
 * @param {HTMLTextAreaElement} area @param {HTMLElement} took @param {HTMLElement} outcome
 */
function picker(area, took, outcome) {
  const input = h("input", { type: "file", id: freshId(), accept: ".csv,.txt,text/csv,text/plain" });
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    if (!file) return;
    fill(outcome);
    try {
      area.value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      fill(took, h("p", { class: "notice" }, t("people.import.took", { name: file.name })));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      fill(took, h("p", { class: "notice medium" }, t("people.import.notUtf8", { name: file.name })));
    }
  });
  return h("div", { class: "field" }, h("label", { htmlFor: input.id }, t("people.import.file")), input);
}

/** @param {HTMLElement} outcome @param {string} list */
async function preview(outcome, list) {
  fill(outcome);
  const report = await post(`${PATH}?preview=true`, list, { headers: CSV });
  const key = crypto.randomUUID();
  const said = h("div", {});
  const button = h("button", { type: "button", class: "primary" }, t("people.import.confirm", { count: report.created + report.changed }));
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    try {
      const done = await post(PATH, list, { headers: CSV, key });
      fill(outcome, finished(done));
    } catch (error) {
      fill(said, refusalNotice(error));
      button.removeAttribute("aria-disabled");
    }
  });
  const isReady = !report.problems.length && report.created + report.changed > 0;
  fill(outcome, previewOf(report), isReady && [h("p", {}, t("people.import.willMail", { count: report.created })), said, h("div", { class: "actions" }, button)]);
  outcome.querySelector("h2")?.focus();
}

/** @param {import("../people/preview.js").Report} done */
function finished(done) {
  const heading = h("h2", { tabIndex: -1 }, t("people.import.done"));
  queueMicrotask(() => heading.focus());
  announce(t("people.import.done"));
  return h("div", { class: "notice good" }, heading, h("p", {}, t("people.import.counts", { created: done.created, changed: done.changed, unchanged: done.unchanged })), h("p", {}, h("a", { href: "/people" }, t("people.all"))));
}
