// People: finding them, their roles, their extra time and standing.

import { fill, h } from "../core/dom.js";
import { remembered } from "../core/focus.js";
import { listing } from "../core/listing.js";
import { content, roleNames, screen } from "../core/screen.js";
import { t } from "../core/text.js";
import { chooseRoles, disable, extraTime, ROLES, standing } from "../people/roles.js";

/** @typedef {import("../people/roles.js").Person} Person */

screen(
  (main) => {
    main.classList.add("wide");
    const place = h("div", {});
    const search = h("input", { type: "search", id: "search", autocomplete: "off" });
    const role = choice("role", [["", t("people.anyRole")], ...ROLES.map((each) => /** @type {[string, string]} */ ([each, roleNames([each])]))]);
    const state = choice("standing", [["", t("people.anyStanding")], ["confirmed", t("people.confirmed")], ["unconfirmed", t("people.unconfirmed")], ["disabled", t("people.disabled")]]);
    const time = choice("extra_time", [["", t("people.anyTime")], ["true", t("people.withTime")], ["false", t("people.noMore")]]);
    const find = h(
      "form",
      { class: "actions", role: "search" },
      [[t("people.search"), search], [t("people.role"), role], [t("people.head.state"), state], [t("people.head.factor"), time]].map(([label, control]) => h("label", {}, label, " ", control)),
      h("button", { type: "submit" }, t("people.find")),
    );
    const run = () => show(place, { search: search.value.trim(), role: role.value, standing: state.value, extra_time: time.value });
    find.addEventListener("submit", (event) => {
      event.preventDefault();
      run();
    });
    for (const each of [role, state, time]) each.addEventListener("change", run);
    fill(content(main), h("div", { class: "actions" }, h("a", { class: "button primary", href: "/people/import" }, t("people.import.title")), h("a", { class: "button", href: "/audit-log" }, t("people.audit"))), find, place);
    run();
  },
  { roles: ["admin"] },
);

/** @param {string} name @param {[string, string][]} options */
function choice(name, options) {
  return h("select", { name }, options.map(([value, text]) => h("option", { value }, text)));
}

/** @param {HTMLElement} place @param {Record<string, string>} filters */
function show(place, filters) {
  const list = h("tbody", {});
  const heads = ["name", "roles", "factor", "state", "acts"].map((name) => h("th", { scope: "col" }, t(`people.head.${name}`)));
  const table = h("table", { class: "stack" }, h("caption", { class: "unseen" }, t("people.title")), h("thead", {}, h("tr", {}, heads)), list);
  const whole = h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": t("people.title") }, table);
  const wanted = new URLSearchParams({ limit: "50", ...Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) });
  const again = () => show(place, filters);
  fill(place, listing({ path: `/api/users/people?${wanted}`, list, whole, shown: remembered(place), row: (/** @type {Person} */ person) => row(person, again), empty: () => h("p", { class: "notice" }, t("people.nobody")) }));
}

/** @param {Person} person @param {() => void} again */
function row(person, again) {
  const about = [person.email, person.student_number, person.cohort].filter(Boolean).join(", ");
  const turn = person.is_disabled ? "enable" : "disable";
  const named = (/** @type {string} */ act) => t("people.of", { act: t(`people.${act}`), name: person.display_name });
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, h("a", { href: `/people/${person.person_id}` }, person.display_name), h("div", { class: "quiet small" }, about)),
    h("td", {}, person.roles.length ? roleNames(person.roles) : t("people.noRole")),
    h("td", {}, extraTime(person.duration_factor)),
    h("td", {}, standing(person)),
    h("td", {}, h("div", { class: "row-actions" }, h("button", { type: "button", "aria-label": named("changeRoles"), onClick: () => chooseRoles(person, again) }, t("people.changeRoles")), h("button", { type: "button", class: "grave", "aria-label": named(turn), data: { stop: `disable ${person.person_id}` }, onClick: () => disable(person, again) }, t(`people.${turn}`)))),
  );
}
