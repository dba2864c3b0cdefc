// Where a student finds the proctors: in the bar of the room, and above every step of the check-in.

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

/** @param {string} id the attempt @param {HTMLElement} column what the steps are shown in */
export function talkInCheckIn(id, column) {
  const sheet = new Sheet("talk.help");
  column.before(h("div", { class: "actions" }, sheet.button), sheet.element);
  return sheet.open(id);
}
