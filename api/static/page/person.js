// One person: who they are, what they may, their extra time, and how their account stands.

import { announce } from "../core/announce.js";
import { fill, h } from "../core/dom.js";
import { remembered } from "../core/focus.js";
import { form } from "../core/form.js";
import { get, patch, post } from "../core/http.js";
import { content, roleNames, screen } from "../core/screen.js";
import { t } from "../core/text.js";
import { dateTime } from "../core/time.js";
import { refusalNotice } from "../core/trouble.js";
import { extraTimeOf } from "../people/extra-time.js";
import { chooseRoles, disable, standing } from "../people/roles.js";

/** @typedef {import("../people/roles.js").Person} Person */

const id = location.pathname.split("/")[2];

screen((main) => show(main), { roles: ["admin"] });

/** @param {HTMLElement} main */
async function show(main) {
  const again = () => show(main);
  /** @type {Person} */
  const person = await get(`/api/users/people/${id}`);
  const heading = main.querySelector("h1");
  if (heading) heading.textContent = person.display_name;
  document.title = `${person.display_name} – ProctorWise`;
  const back = remembered(content(main));
  fill(
    content(main),
    h("p", {}, h("a", { href: "/people" }, t("people.all"))),
    details(person),
    h("p", {}, h("a", { href: `/search?student_id=${person.person_id}` }, t("people.attempts", { name: person.display_name }))),
    h("p", {}, h("a", { href: `/audit-log?person_id=${person.person_id}` }, t("people.auditOf", { name: person.display_name }))),
    account(person, again),
    extraTimeOf(person, again),
    numbers(person, again),
  );
  back();
}

/** @param {Person} person */
function details(person) {
  const facts = [
    [t("people.fact.email"), person.email],
    [t("people.head.state"), standing(person)],
    [t("people.head.roles"), person.roles.length ? roleNames(person.roles) : t("people.noRole")],
    [t("people.fact.number"), person.student_number || "–"],
    [t("people.fact.cohort"), person.cohort ?? "–"],
    [t("people.fact.zone"), person.time_zone.replaceAll("_", " ")],
    [t("people.fact.created"), dateTime(person.created_at)],
  ];
  return h("dl", { class: "facts" }, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** @param {Person} person @param {() => void} again */
function account(person, again) {
  const said = h("div", { role: "status" });
  const key = crypto.randomUUID();
  const invite = h("button", { type: "button" }, t("people.invite"));
  invite.addEventListener("click", async () => {
    try {
      await post(`/api/users/people/${person.person_id}/invitation`, undefined, { key });
      fill(said, h("p", { class: "notice good" }, t("people.invited", { email: person.email })));
    } catch (error) {
      fill(said, refusalNotice(error));
    }
  });
  const isNew = !person.is_confirmed && !person.is_disabled;
  return h(
    "div",
    {},
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", onClick: () => chooseRoles(person, again) }, t("people.changeRoles")),
      isNew && invite,
      h("button", { type: "button", class: "grave", data: { stop: "disable" }, onClick: () => disable(person, again) }, t(person.is_disabled ? "people.enable" : "people.disable")),
    ),
    said,
  );
}

/** @param {Person} person @param {() => void} again */
function numbers(person, again) {
  const asked = form({
    fields: [
      { name: "display_name", label: t("people.fact.name"), value: person.display_name },
      { name: "student_number", label: t("people.fact.number"), value: person.student_number, optional: true },
      { name: "cohort", label: t("people.fact.cohort"), hint: t("people.fact.cohortHint"), value: person.cohort ?? "", optional: true },
    ],
    submit: t("people.save"),
    send: async (values) => {
      await patch(`/api/users/people/${person.person_id}`, values);
      announce(t("people.saved"));
      again();
    },
  });
  return h("details", {}, h("summary", {}, t("people.numbers")), asked);
}
