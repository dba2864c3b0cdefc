// What this person was told, newest first.

import { fill, h } from "../core/dom.js";
import { put } from "../core/http.js";
import { listing } from "../core/listing.js";
import { content, screen } from "../core/screen.js";
import { t } from "../core/text.js";
import { dateTime, relative } from "../core/time.js";

/** @typedef {{ notification_id: string, text: string, link: string, created_at: string, read_at: string | null }} Told */

screen(async (main) => {
  const list = h("ul", { class: "cards" });
  fill(
    content(main),
    listing({
      path: "/api/notifications",
      list,
      row: (/** @type {Told} */ told) => card(told),
      empty: () => h("p", { class: "notice" }, t("bell.empty")),
    }),
  );
  await put("/api/notifications/read");
  document.dispatchEvent(new Event("notifications-read"));
});

/** @param {Told} told */
function card(told) {
  return h(
    "li",
    { class: "card" },
    h("p", {}, told.read_at ? null : h("span", { class: "status" }, "● ", t("bell.new"), " "), told.text),
    h("p", { class: "quiet small" }, h("time", { dateTime: told.created_at, title: dateTime(told.created_at) }, relative(told.created_at))),
    told.link ? h("p", {}, h("a", { href: told.link }, t("bell.open"))) : null,
  );
}
