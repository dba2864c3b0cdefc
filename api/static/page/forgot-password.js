// Asking for a link to choose a new password.

import { fill, h } from "../core/dom.js";
import { form } from "../core/form.js";
import { post } from "../core/http.js";
import { content, openScreen } from "../core/screen.js";
import { t } from "../core/text.js";

openScreen((main) => {
  const ask = form({
    fields: [{ name: "email", label: t("account.email"), type: "email", autocomplete: "username" }],
    submit: t("account.forgot.submit"),
    send: async (values) => {
      await post("/api/users/password-resets", values);
      fill(content(main), sent(values.email));
    },
  });
  fill(content(main), h("p", {}, t("account.forgot.lead")), ask);
});

/** @param {string} email */
function sent(email) {
  const heading = h("h2", { tabIndex: -1 }, t("account.forgot.sentTitle"));
  queueMicrotask(() => heading.focus());
  return h("div", { class: "notice good" }, heading, h("p", {}, t("account.forgot.sent", { email })));
}
