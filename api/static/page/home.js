// The start page: what needs this person now.

import { fill, h } from "../core/dom.js";
import { content, roleNames, screen } from "../core/screen.js";
import { t } from "../core/text.js";

screen((main, me) => {
  fill(content(main), h("p", {}, t("home.hello", { name: me.display_name })), h("p", { class: "quiet" }, t("home.roles", { roles: roleNames(me.roles) })));
});
