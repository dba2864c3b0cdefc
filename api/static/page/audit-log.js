// The audit log: who did what to people, exams and attempts, before and after, newest first.

import { changedTable } from "../audit/table.js";
import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { listing } from "../core/listing.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { has, names, t } from "../core/text.js";
import { dateTime } from "../core/time.js";
import { refusalNotice } from "../core/trouble.js";

/** @typedef {import("../audit/table.js").Act} Act */

const asked = new URLSearchParams(location.search);

screen(
  (main) => {
    main.classList.add("wide");
    const place = h("div", {});
    const kind = h("select", { id: "kind" }, h("option", { value: "" }, t("audit.anyKind")), names("audit.act").map((each) => h("option", { value: each }, kindName(each))));
    kind.addEventListener("change", () => show(place, kind.value));
    const said = h("div", { role: "status" });
    const verify = h("button", { type: "button", onClick: () => check(said) }, t("audit.verify"));
    const only = ["person_id", "exam_id", "subject_id"].some((name) => asked.has(name));
    fill(
      content(main),
      h("p", {}, t("audit.intro")),
      only && h("p", {}, h("a", { href: "/audit-log" }, t("audit.all"))),
      h("div", { class: "actions" }, h("label", {}, t("audit.kind"), " ", kind), verify),
      said,
      place,
    );
    show(place, "");
  },
  { roles: ["admin"] },
);

/** @param {HTMLElement} place @param {string} kind */
function show(place, kind) {
  const list = h("tbody", {});
  const heads = ["at", "who", "what", "whom", "values"].map((name) => h("th", { scope: "col" }, t(`audit.head.${name}`)));
  const table = h("table", { class: "stack" }, h("caption", { class: "unseen" }, t("audit.title")), h("thead", {}, h("tr", {}, heads)), list);
  const whole = h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": t("audit.title") }, table);
  const wanted = new URLSearchParams({ limit: "50" });
  for (const name of ["person_id", "exam_id", "subject_id"]) if (asked.get(name)) wanted.set(name, asked.get(name) ?? "");
  if (kind) wanted.set("kind", kind);
  fill(place, listing({ path: `/api/users/audit-log?${wanted}`, list, whole, row, empty: () => h("p", { class: "notice" }, t("audit.nothing")) }));
}

/** @param {Act} act */
function row(act) {
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, dateTime(act.at)),
    h("td", {}, act.actor_id ? act.actor_name || t("audit.gone") : t("audit.server")),
    h("td", {}, kindName(act.kind), act.reason && h("div", { class: "quiet small" }, act.reason)),
    h("td", {}, subject(act)),
    h("td", {}, changedTable(act)),
  );
}

/** @param {Act} act */
function subject(act) {
  if (act.subject === "person") return h("a", { href: `/people/${act.subject_id}` }, act.subject_name || t("audit.gone"));
  const links = /** @type {Record<string, string>} */ ({ exam: `/authoring/${act.subject_id}`, attempt: `/attempts/${act.subject_id}/record`, review: `/reviews/${act.subject_id}` });
  const name = t(`audit.subject.${act.subject}`);
  return links[act.subject] ? h("a", { href: links[act.subject] }, name) : name;
}

/** @param {string} kind */
function kindName(kind) {
  return has(`audit.act.${kind}`) ? t(`audit.act.${kind}`) : kind.replace(/^attempt_/, "").replaceAll("_", " ");
}

/** @param {HTMLElement} said */
async function check(said) {
  try {
    const found = await get("/api/users/audit-log/verification");
    fill(said, h("p", {}, found.broken_at === null ? status("good", t("audit.whole", { count: found.acts })) : status("critical", t("audit.broken", { number: found.broken_at }))));
  } catch (error) {
    fill(said, refusalNotice(error));
  }
}
