// Choosing a new password with the mail's link.

import { fill, h } from "../core/dom.js";
import { form } from "../core/form.js";
import { post } from "../core/http.js";
import { content, openScreen } from "../core/screen.js";
import { t } from "../core/text.js";

openScreen((main) => {
  const token = new URLSearchParams(location.search).get("token") ?? "";
  const choose = form({
    fields: [
      {
        name: "password", label: t("account.reset.password"), hint: t("account.passwordHint"),
        type: "password", autocomplete: "new-password",
      },
    ],
    submit: t("account.reset.submit"),
    send: async ({ password }) => {
      await post("/api/users/password-resets/complete", { token, password });
      fill(content(main), done());
    },
  });
  const again = h("p", { class: "notice medium" }, t("account.reset.noToken"), " ", h("a", { href: "/forgot-password" }, t("account.forgot.title")));
  fill(content(main), token ? choose : again);
});

function done() {
  const link = h("a", { href: "/sign-in", class: "button primary" }, t("account.signIn.title"));
  queueMicrotask(() => link.focus());
  return h("div", { class: "notice good" }, h("h2", {}, t("account.reset.doneTitle")), h("p", {}, t("account.reset.done")), link);
}
