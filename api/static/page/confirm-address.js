// Confirming the address with the mail's link and the password that was chosen.

import { fill, h } from "../core/dom.js";
import { form } from "../core/form.js";
import { post } from "../core/http.js";
import { content, openScreen } from "../core/screen.js";
import { t } from "../core/text.js";

openScreen((main) => {
  const token = new URLSearchParams(location.search).get("token") ?? "";
  const confirm = form({
    fields: [
      {
        name: "password", label: t("account.password"), hint: t("account.confirm.hint"),
        type: "password", autocomplete: "current-password",
      },
    ],
    submit: t("account.confirm.submit"),
    send: async ({ password }) => {
      await post("/api/users/confirmations", { token, password });
      fill(content(main), done());
    },
  });
  const again = h("p", { class: "notice medium" }, t("account.confirm.noToken"), " ", h("a", { href: "/register" }, t("account.register.title")));
  fill(content(main), token ? confirm : again);
});

function done() {
  const link = h("a", { href: "/sign-in", class: "button primary" }, t("account.signIn.title"));
  queueMicrotask(() => link.focus());
  return h("div", { class: "notice good" }, h("h2", {}, t("account.confirm.doneTitle")), h("p", {}, t("account.confirm.done")), link);
}
