// Single keys of a screen: never while somebody types, and silent for who turned them off (WCAG 2.2, 2.1.4: voice control sends such keys too).

const OFF = "pw-keys-off";

/** Whether they are turned off on this device. */
export function areKeysOff() {
  return localStorage.getItem(OFF) !== null;
}

/** @param {boolean} isOn */
export function turnKeys(isOn) {
  if (isOn) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
}

/** Whether a key is the screen's own: not a field's, a choice's, a dialog's or the browser's. @param {KeyboardEvent} event */
export function isScreenKey(event) {
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  const isTyping = target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=range])");
  return !(isTyping || areKeysOff() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || target.closest("dialog"));
}
