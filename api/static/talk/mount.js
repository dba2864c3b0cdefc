// Where a student finds the proctors: in the bar of the room, above every step of the check-in, and on the attempt's page.

import { byId, h } from "../core/dom.js";
import { Sheet } from "./sheet.js";

/**
 * @param {string} id the attempt
 * @param {HTMLElement} middle where answers are written; the sheet stands beside it
 */
export function talkInRoom(id, middle) {
  const sheet = new Sheet("talk.title");
  byId("top").querySelector(".room-bar")?.append(sheet.hand, sheet.button);
  middle.before(sheet.element);
  return sheet.open(id);
}

/**
 * @param {string} id the attempt
 * @param {HTMLElement} column what the sheet stands beside, or above where it is narrow
 * @param {string} opener the key of what the button says
 */
export function talkAbove(id, column, opener) {
  const sheet = new Sheet(opener);
  sheet.button.hidden = opener === "talk.title"; // until it is known that there is something to read or a way to write
  column.before(h("div", { class: "actions" }, sheet.button), sheet.element);
  return sheet.open(id);
}
