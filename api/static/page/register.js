// Making an account; a mail then asks to confirm the address.

import { fill, h } from "../core/dom.js";
import { form } from "../core/form.js";
import { post } from "../core/http.js";
import { content, openScreen } from "../core/screen.js";
import { language, parts, t } from "../core/text.js";
import { currentZone, zoneOptions } from "../core/time.js";

openScreen((main) => {
  const signIn = h("a", { href: "/sign-in" }, t("account.signIn.title"));
  const register = form({
    fields: [
      { name: "display_name", label: t("account.name"), hint: t("account.nameHint"), autocomplete: "name" },
      { name: "email", label: t("account.email"), type: "email", autocomplete: "username" },
      {
        name: "password", label: t("account.password"), hint: t("account.passwordHint"),
        type: "password", autocomplete: "new-password",
      },
      { name: "student_number", label: t("account.number"), hint: t("account.numberHint"), optional: true },
      {
        name: "time_zone", label: t("account.zone"), hint: t("account.zoneHint"), type: "select", value: currentZone(),
        options: zoneOptions(currentZone()),
      },
    ],
    submit: t("account.register.submit"),
    send: async (values) => {
      await post("/api/users/registrations", { ...values, language });
      fill(content(main), sent(values.email));
    },
  });
  fill(content(main), h("p", {}, t("account.register.lead")), register, h("p", {}, parts("account.register.have", { signIn })));
});

/** @param {string} email */
function sent(email) {
  const heading = h("h2", { tabIndex: -1 }, t("account.register.sentTitle"));
  queueMicrotask(() => heading.focus());
  return h(
    "div",
    { class: "notice good" },
    heading,
    h("p", {}, t("account.register.sent", { email })),
    h("p", {}, t("account.register.nothing")),
  );
}
