// The signs of a raised hand and of a message, drawn here: not every device has letters for them.

const PATHS = {
  hand: "M8 12V5.5a1.5 1.5 0 0 1 3 0V11m0-6.5v-1a1.5 1.5 0 0 1 3 0V11m0-5.5a1.5 1.5 0 0 1 3 0V14a7 7 0 0 1-7 7c-3 0-4.5-1.5-6-4l-2-3.5c-.8-1.4 1-2.6 2-1.5L8 14",
  message: "M4 5h16v11H10l-4 4v-4H4z",
};

/**
 * @param {keyof typeof PATHS} name
 * @returns {SVGElement}
 */
export function sign(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "sign");
  drawing.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  drawing.append(path);
  return drawing;
}
