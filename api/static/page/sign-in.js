// Signing in, and going on to where one wanted to be.

import { choose } from "../core/choice.js";
import { fill, h } from "../core/dom.js";
import { form } from "../core/form.js";
import { post } from "../core/http.js";
import { content, openScreen } from "../core/screen.js";
import { parts, t } from "../core/text.js";

openScreen((main) => {
  const forgot = h("a", { href: "/forgot-password" }, t("account.signIn.forgot"));
  const register = h("a", { href: "/register" }, t("account.signIn.register"));
  const sign = form({
    fields: [
      { name: "email", label: t("account.email"), type: "email", autocomplete: "username" },
      { name: "password", label: t("account.password"), type: "password", autocomplete: "current-password" },
    ],
    submit: t("account.signIn.submit"),
    beside: [forgot],
    send: async (values) => {
      const { person } = await post("/api/users/sessions", values);
      choose("language", person.language.slice(0, 2));
      location.assign(destination());
    },
  });
  fill(content(main), sign, h("p", {}, parts("account.signIn.none", { register })));
});

/** Where the person wanted to be; only an address of this site. */
function destination() {
  const wanted = new URLSearchParams(location.search).get("next") ?? "/";
  const address = new URL(wanted, location.origin);
  return address.origin === location.origin ? address.pathname + address.search : "/";
}
