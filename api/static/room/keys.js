// The room by keyboard: arrows between questions, digits for options, F for the flag, ? for this list.

import { announce } from "../core/announce.js";
import { h } from "../core/dom.js";
import { areKeysOff, turnKeys } from "../core/key.js";
import { t } from "../core/text.js";

/** @typedef {import("./desk.js").Desk} Desk */

const ROWS = ["next", "back", "option", "flag", "move", "choose", "help"];

/** @param {Desk} desk */
export function listenToKeys(desk) {
  addEventListener("keydown", (event) => {
    if (isOthers(event) || areKeysOff() || !desk.middle.isConnected) return;
    if (pressed(desk, event)) event.preventDefault();
  });
}

/** Keys that belong to somebody else: to a field, to a choice, to the browser, to a dialog, to the messages. @param {KeyboardEvent} event */
function isOthers(event) {
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  const isTyping = target.isContentEditable || target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  return isTyping || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || target.closest("dialog, aside") !== null;
}

/** @param {Desk} desk @param {KeyboardEvent} event @returns {boolean} whether it meant something */
function pressed(desk, { key, target }) {
  const isRadio = target instanceof HTMLElement && target.matches("input[type=radio]"); // its arrows choose
  const isQuestion = desk.place < desk.questions.length;
  if (key === "ArrowRight" && !isRadio) desk.open(desk.place + 1);
  else if (key === "ArrowLeft" && !isRadio) desk.open(desk.place - 1);
  else if (key.toLowerCase() === "f" && isQuestion) desk.flag();
  else if (key === "?") help();
  else return /^[1-9]$/.test(key) && isQuestion && desk.choose(Number(key));
  return true;
}

/** The button that shows the keys, for those who do not know them yet. */
export function keyBar() {
  return h("button", { type: "button", class: "link keys-opener", onClick: help }, t("room.keys.open"));
}

function help() {
  const rows = ROWS.map((name) => [h("dt", {}, t(`room.keys.${name}`).split(" ").map((key) => (key === "–" ? "– " : h("kbd", {}, key)))), h("dd", {}, t(`room.keys.${name}Text`))]);
  const single = h("input", { type: "checkbox", checked: !areKeysOff(), onChange: () => turn(single.checked) });
  const close = h("button", { type: "button", class: "primary", onClick: () => dialog.close() }, t("room.keys.close"));
  const dialog = h("dialog", { class: "keys", "aria-labelledby": "keys-title" },
    h("h2", { id: "keys-title" }, t("room.keys.title")),
    h("dl", {}, rows),
    h("label", { class: "check" }, single, t("room.keys.single")),
    h("div", { class: "actions" }, close));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {boolean} isOn */
function turn(isOn) {
  turnKeys(isOn);
  announce(t(isOn ? "room.keys.on" : "room.keys.off"));
}
