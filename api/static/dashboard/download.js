// Files for people to keep: what this screen has, and reports that the server prints.

import { fill, h } from "../core/dom.js";
import { fetched } from "../core/http.js";
import { t } from "../core/text.js";
import { refusalNotice } from "../core/trouble.js";

/**
 * @param {Blob} blob
 * @param {string} name of the file
 */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun by then; revoked at once it would fail in some browsers.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * A button that fetches a file from the interface, which renews the session where that is due.
 * @param {string} path
 * @param {string} word what the button says
 * @returns {HTMLElement}
 */
export function fetchButton(path, word) {
  const trouble = h("div", { role: "status" });
  const button = h("button", { type: "button", onClick: bring }, word);
  async function bring() {
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    fill(trouble, h("p", { class: "quiet" }, t("dashboard.making")));
    try {
      const response = await fetched("GET", path);
      const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
      save(await response.blob(), name ?? "proctorwise");
      fill(trouble);
    } catch (error) {
      fill(trouble, refusalNotice(error));
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }
  return h("div", {}, button, trouble);
}
