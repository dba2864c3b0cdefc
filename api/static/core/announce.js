// Tells screen readers what changed without moving anybody's focus.

import { byId } from "./dom.js";

/**
 * Say it when the reader is done with what is being read.
 * @param {string} text
 */
export function announce(text) {
  say("polite", text);
}

/**
 * Say it at once: time that runs out and safety only.
 * @param {string} text
 */
export function announceUrgently(text) {
  say("urgent", text);
}

/** @param {string} id @param {string} text */
function say(id, text) {
  const region = byId(id);
  region.textContent = "";
  // A reader notices changes, so the same words again need a moment of silence before them.
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
