// Asks before what cannot be taken back, and for the reason where one is due.

import { h } from "./dom.js";
import { form } from "./form.js";
import { t } from "./text.js";

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} [text] what will happen
 * @property {string} confirm what the button says: the act itself, not "OK"
 * @property {import("./form.js").Field[]} [fields] what else has to be said
 * @property {(values: Record<string, string>) => Promise<void>} act what is done; its problems show in the dialog
 */

/**
 * @param {Question} question
 * @returns {Promise<boolean>} whether it was done
 */
export function confirmed(question) {
  return new Promise((resolve) => {
    let isDone = false;
    const no = h("button", { type: "button", onClick: () => dialog.close() }, t("shared.cancel"));
    const asked = form({
      fields: question.fields ?? [],
      submit: question.confirm,
      beside: [no],
      send: async (values) => {
        await question.act(values);
        isDone = true;
        dialog.close();
      },
    });
    const title = h("h2", { id: "dialog-title" }, question.title);
    const text = question.text ? h("p", {}, question.text) : null;
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, title, text, asked);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(isDone);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
