// People and their roles, accommodations and standing.

import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { patch, put } from "../core/http.js";
import { listing } from "../core/listing.js";
import { content, roleNames, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { refusalNotice } from "../core/trouble.js";

/** @typedef {{ person_id: string, email: string, display_name: string, student_number: string, roles: string[], duration_factor: string, is_confirmed: boolean, is_disabled: boolean }} Person */

const ROLES = ["student", "proctor", "grader", "reviewer", "author", "admin"];

screen(
  (main) => {
    main.classList.add("wide");
    const place = h("div", {});
    const search = h("input", { type: "search", id: "search", autocomplete: "off" });
    const role = h("select", { id: "role" }, h("option", { value: "" }, t("people.anyRole")), ROLES.map((each) => h("option", { value: each }, roleNames([each]))));
    const find = h("form", { class: "actions", role: "search" }, h("label", { htmlFor: "search" }, t("people.search")), search, h("label", { htmlFor: "role" }, t("people.role")), role, h("button", { type: "submit" }, t("people.find")));
    find.addEventListener("submit", (event) => {
      event.preventDefault();
      show(place, search.value, role.value);
    });
    fill(content(main), find, place);
    show(place, "", "");
  },
  { roles: ["admin"] },
);

/** @param {HTMLElement} place @param {string} search @param {string} role */
function show(place, search, role) {
  const list = h("tbody", {});
  const heads = ["name", "roles", "factor", "state", "acts"].map((name) => h("th", { scope: "col" }, t(`people.head.${name}`)));
  const table = h("table", {}, h("caption", { class: "unseen" }, t("people.title")), h("thead", {}, h("tr", {}, heads)), list);
  const whole = h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": t("people.title") }, table);
  const wanted = new URLSearchParams({ limit: "50", ...(search && { search }), ...(role && { role }) });
  const again = () => show(place, search, role);
  fill(place, listing({ path: `/api/users/people?${wanted}`, list, whole, row: (/** @type {Person} */ person) => row(person, again), empty: () => h("p", { class: "notice" }, t("people.nobody")) }));
}

/** @param {Person} person @param {() => void} again */
function row(person, again) {
  const state = person.is_disabled ? status("critical", t("people.disabled")) : person.is_confirmed ? status("good", t("people.confirmed")) : status("waiting", t("people.unconfirmed"));
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, person.display_name, h("div", { class: "quiet small" }, person.email, person.student_number ? `, ${person.student_number}` : "")),
    h("td", {}, person.roles.length ? roleNames(person.roles) : t("people.noRole")),
    h("td", {}, t("people.times", { factor: person.duration_factor })),
    h("td", {}, state),
    h("td", {}, h("div", { class: "row-actions" }, h("button", { type: "button", onClick: () => chooseRoles(person, again) }, t("people.changeRoles")), h("button", { type: "button", onClick: () => chooseFactor(person, again) }, t("people.changeFactor")), h("button", { type: "button", class: "grave", onClick: () => disable(person, again) }, t(person.is_disabled ? "people.enable" : "people.disable")))),
  );
}

/** @param {Person} person @param {() => void} again */
function chooseRoles(person, again) {
  const boxes = ROLES.map((role) => h("input", { type: "checkbox", value: role, checked: person.roles.includes(role) }));
  const trouble = h("div", {});
  const save = h("button", { type: "submit", class: "primary" }, t("people.save"));
  const close = h("button", { type: "button", onClick: () => dialog.close() }, t("shared.cancel"));
  const chosen = h("form", {}, h("fieldset", {}, h("legend", {}, t("people.rolesOf", { name: person.display_name })), boxes.map((box) => h("label", { class: "choice" }, box, h("span", {}, roleNames([box.value]))))), trouble, h("div", { class: "actions" }, save, close));
  chosen.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await put(`/api/users/people/${person.person_id}/roles`, { roles: boxes.filter((box) => box.checked).map((box) => box.value) });
      dialog.close();
      again();
    } catch (error) {
      fill(trouble, refusalNotice(error));
    }
  });
  const dialog = h("dialog", { "aria-label": t("people.changeRoles") }, chosen);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {Person} person @param {() => void} again */
async function chooseFactor(person, again) {
  const isDone = await confirmed({
    title: t("people.changeFactor"),
    text: t("people.factorText", { name: person.display_name }),
    confirm: t("people.save"),
    fields: [{ name: "duration_factor", label: t("people.factor"), hint: t("people.factorHint"), value: person.duration_factor, more: { inputMode: "decimal" } }],
    act: async ({ duration_factor: factor }) => void (await patch(`/api/users/people/${person.person_id}`, { duration_factor: factor.replace(",", ".") })),
  });
  if (isDone) again();
}

/** @param {Person} person @param {() => void} again */
async function disable(person, again) {
  const word = person.is_disabled ? "enable" : "disable";
  const isDone = await confirmed({
    title: t(`people.${word}Title`, { name: person.display_name }),
    text: t(`people.${word}Text`),
    confirm: t(`people.${word}`),
    act: async () => void (await patch(`/api/users/people/${person.person_id}`, { is_disabled: !person.is_disabled })),
  });
  if (isDone) again();
}
