// An author's exams: what is a draft, what is offered, and a new one.

import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { post } from "../core/http.js";
import { listing } from "../core/listing.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { relative } from "../core/time.js";

/** @typedef {{ exam_id: string, title: string, is_published: boolean, offered_version: number | null, questions: number, points: string, updated_at: string }} Exam */

screen(
  (main) => {
    const list = h("ul", { class: "cards" });
    fill(
      content(main),
      h("div", { class: "actions" }, h("button", { type: "button", class: "primary", onClick: make }, t("authoring.new"))),
      listing({ path: "/api/reservations/exams?limit=50", list, row: (/** @type {Exam} */ exam) => card(exam), empty: () => h("p", { class: "notice" }, t("authoring.empty")) }),
    );
  },
  { roles: ["author", "admin"] },
);

/** @param {Exam} exam */
function card(exam) {
  const word = exam.is_published ? status("good", t("authoring.published")) : status("waiting", t("authoring.draft"));
  return h(
    "li",
    { class: "card" },
    h("h2", {}, h("a", { href: `/authoring/${exam.exam_id}` }, exam.title)),
    h("p", {}, word, " ", t("authoring.about", { count: exam.questions, points: exam.points })),
    !exam.is_published && exam.offered_version ? h("p", { class: "quiet small" }, t("authoring.offeredVersion", { version: exam.offered_version })) : null,
    h("p", { class: "quiet small" }, t("authoring.changed", { when: relative(exam.updated_at) })),
  );
}

async function make() {
  const key = crypto.randomUUID();
  let id = "";
  const isDone = await confirmed({
    title: t("authoring.new"),
    confirm: t("authoring.make"),
    fields: [{ name: "title", label: t("authoring.field.title") }],
    act: async ({ title }) => {
      const made = await post("/api/reservations/exams", { title, instructions: "", policy: {}, sections: [] }, { key });
      id = made.exam_id;
    },
  });
  if (isDone) location.assign(`/authoring/${id}`);
}
