// An address that leads nowhere: says so, and shows the way on.

import { fill, h } from "../core/dom.js";
import { content, openScreen } from "../core/screen.js";
import { t } from "../core/text.js";

openScreen((main) => {
  const start = h("a", { href: "/", class: "button primary" }, t("unknown.start"));
  const exams = h("a", { href: "/exams", class: "button" }, t("unknown.exams"));
  const back = history.length > 1 && h("button", { type: "button", onClick: () => history.back() }, t("unknown.back"));
  fill(content(main), h("p", {}, t("unknown.text")), h("p", { class: "actions" }, start, exams, back));
});
