// The mails of a trial installation: written to files instead of sent, and read here.

import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { t } from "../core/text.js";
import { shortDateTime } from "../core/time.js";
import { troubleNotice } from "../core/trouble.js";

/** @typedef {{ mail_id: string, to: string, subject: string, written_at: string }} Mail */

screen(
  async (main) => {
    const mails = /** @type {Mail[]} */ (await get("/api/notifications/outbox"));
    const lead = h("p", {}, t("outbox.lead"));
    if (mails.length) fill(content(main), lead, h("ul", { class: "cards" }, mails.map(card)));
    else fill(content(main), lead, h("p", { class: "notice" }, t("outbox.empty")));
  },
  { roles: ["admin"] },
);

/** @param {Mail} mail */
function card(mail) {
  const body = h("div", {}, h("p", { class: "quiet" }, t("shared.loading")));
  const details = h("details", { onToggle: () => details.open && read(mail.mail_id, body) }, h("summary", {}, mail.subject), body);
  return h("li", { class: "card" }, details, h("p", { class: "quiet small" }, t("outbox.to", { to: mail.to, at: shortDateTime(mail.written_at) })));
}

/** @param {string} id @param {HTMLElement} body */
async function read(id, body) {
  try {
    const { text } = await get(`/api/notifications/outbox/${id}`);
    fill(body, h("pre", { class: "mail" }, ...linked(text)));
  } catch (error) {
    fill(body, troubleNotice(error, () => read(id, body)));
  }
}

/**
 * The text with its addresses as links; those of this site only.
 * @param {string} text
 */
function linked(text) {
  return text.split(/(https?:\/\/\S+)/).map((piece) =>
    URL.canParse(piece) && new URL(piece).host === location.host ? h("a", { href: piece }, piece) : piece,
  );
}
