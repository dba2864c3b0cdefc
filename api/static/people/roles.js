// Changes that admins make to a person's account: roles, disabling and enabling.

import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { patch, put } from "../core/http.js";
import { roleNames } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { refusalNotice } from "../core/trouble.js";

/** @typedef {{ person_id: string, email: string, display_name: string, student_number: string, time_zone: string, language: string, roles: string[], cohort: string | null, duration_factor: string, is_confirmed: boolean, is_disabled: boolean, created_at: string }} Person */

export const ROLES = ["student", "proctor", "grader", "reviewer", "author", "admin"];

/**
 * How an account stands.
 * @param {Person} person
 */
export function standing(person) {
  if (person.is_disabled) return status("critical", t("people.disabled"));
  return person.is_confirmed ? status("good", t("people.confirmed")) : status("waiting", t("people.unconfirmed"));
}

/**
 * The factor as percent: 1.25 is a quarter more.
 * @param {string} factor
 */
export function extraTime(factor) {
  const percent = Math.round((Number(factor) - 1) * 100);
  return percent ? t("people.more", { percent }) : t("people.noMore");
}

/** @param {Person} person @param {() => void} again */
export function chooseRoles(person, again) {
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
export async function disable(person, again) {
  const word = person.is_disabled ? "enable" : "disable";
  const isDone = await confirmed({
    title: t(`people.${word}Title`, { name: person.display_name }),
    text: t(`people.${word}Text`),
    confirm: t(`people.${word}`),
    act: async () => void (await patch(`/api/users/people/${person.person_id}`, { is_disabled: !person.is_disabled })),
  });
  if (isDone) again();
}
