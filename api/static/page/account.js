// One's own details and password.

import { announce } from "../core/announce.js";
import { choose } from "../core/choice.js";
import { fill, h } from "../core/dom.js";
import { form } from "../core/form.js";
import { patch, post } from "../core/http.js";
import { content, roleNames, screen } from "../core/screen.js";
import { language, t } from "../core/text.js";
import { zoneOptions } from "../core/time.js";

screen((main, me) => {
  const saved = h("p", { class: "notice good", role: "status", hidden: true });
  const details = form({
    fields: [
      ...(me.belongs_to_institution ? [] : naming(me)),
      {
        name: "time_zone", label: t("account.zone"), hint: t("account.zoneHint"), type: "select", value: me.time_zone,
        options: zoneOptions(me.time_zone),
      },
      {
        name: "language", label: t("shared.language"), type: "select", value: me.language.slice(0, 2),
        options: [["en", "English"], ["de", "Deutsch"]],
      },
    ],
    submit: t("account.details.submit"),
    send: async (values) => {
      await patch("/api/users/me", values);
      choose("language", values.language);
      if (values.language !== language) location.reload();
      tell(saved, t("account.details.saved"));
    },
  });
  const roles = me.roles.length ? h("p", {}, t("account.details.roles", { roles: roleNames(me.roles) })) : null;
  const owner = me.belongs_to_institution ? h("p", { class: "notice" }, [me.display_name, me.student_number].filter(Boolean).join(", "), ". ", t("account.institution")) : null;
  fill(content(main), saved, roles, owner, details, h("h2", {}, t("account.change.title")), change(saved));
});

/** @param {import("../core/screen.js").Person} me */
function naming(me) {
  return [
    { name: "display_name", label: t("account.name"), value: me.display_name, autocomplete: "name" },
    { name: "student_number", label: t("account.number"), value: me.student_number, optional: true },
  ];
}

/** @param {HTMLElement} saved */
function change(saved) {
  return form({
    fields: [
      { name: "current", label: t("account.change.current"), type: "password", autocomplete: "current-password" },
      { name: "new", label: t("account.reset.password"), hint: t("account.passwordHint"), type: "password", autocomplete: "new-password" },
    ],
    submit: t("account.change.submit"),
    send: async (values) => {
      await post("/api/users/me/password", values);
      tell(saved, t("account.change.done"));
    },
  });
}

/** @param {HTMLElement} saved @param {string} text */
function tell(saved, text) {
  saved.hidden = false;
  saved.textContent = text;
  saved.scrollIntoView({ block: "nearest" });
  announce(text);
}
