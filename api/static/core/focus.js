// Gives the focus back where a part of a screen is drawn anew: whoever pressed a button there goes on from there.

const STOPS = "a[href], button, input, select, textarea, summary, [tabindex='0']";

/**
 * Remember what in `place` has the focus. The answer, called once it is drawn anew, gives it to the control of the same name; where that is
 * gone or may not be pressed, to one beside it, else to `home`. Whoever has gone elsewhere meanwhile stays there.
 * A control whose words change has a name of its own: `data: { stop: "…" }`.
 * @param {Element} place
 * @param {() => HTMLElement | null} [home] the heading of the screen without it
 * @returns {() => void}
 */
export function remembered(place, home = heading) {
  const { activeElement: active } = document;
  if (!(active instanceof HTMLElement) || !place.contains(active)) return () => undefined;
  const name = nameOf(active);
  const number = alike(place, name).indexOf(active);
  return () => {
    if (!isLost()) return;
    const same = alike(place, name);
    land(usable(same[number] ?? same.at(-1)) ?? home());
  };
}

/** Whether nothing has the focus, or something that can no longer be pressed; a browser lets go of that only later. */
export function isLost() {
  const { activeElement: active } = document;
  return !active || active === document.body || active.matches(":disabled") || !active.checkVisibility();
}

/**
 * Put these rows into a list in this order. One that stays keeps the focus, which a browser takes from whatever is moved.
 * @param {Element} list
 * @param {Element[]} rows
 */
export function rearrange(list, rows) {
  if (rows.length === list.children.length && rows.every((row, place) => list.children[place] === row)) return;
  const { activeElement: active } = document;
  list.replaceChildren(...rows);
  if (active instanceof HTMLElement && list.contains(active)) active.focus();
}

/** Give it the focus, whether or not Tab leads there. @param {HTMLElement | null | undefined} element */
export function land(element) {
  if (!element) return;
  element.closest("details")?.setAttribute("open", "");
  if (!element.matches(STOPS) && !element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
}

/** The first that can be reached within, or the element itself. @param {HTMLElement} element */
export function firstStop(element) {
  return stopsOf(element)[0] ?? element;
}

/** @param {Element} place @param {string} name */
function alike(place, name) {
  return /** @type {HTMLElement[]} */ ([...place.querySelectorAll(`${STOPS}, [tabindex]`)]).filter((each) => nameOf(each) === name);
}

/** @param {HTMLElement} element */
function nameOf(element) {
  const { dataset, tagName } = element;
  return dataset.stop ?? `${tagName} ${element.getAttribute("name") ?? element.getAttribute("aria-label") ?? element.textContent}`;
}

/** @param {HTMLElement | undefined} element */
function usable(element) {
  if (!element?.matches(":disabled, [hidden]")) return element;
  return element.parentElement ? stopsOf(element.parentElement)[0] : undefined;
}

/** @param {Element} place */
function stopsOf(place) {
  return /** @type {HTMLElement[]} */ ([...place.querySelectorAll(STOPS)]).filter((each) => !each.matches(":disabled, [hidden], [hidden] *"));
}

function heading() {
  return /** @type {HTMLElement | null} */ (document.querySelector("main h1"));
}
