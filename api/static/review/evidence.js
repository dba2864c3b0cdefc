// The pictures before, at and after an incident's opening, side by side; each opens in the player.

import { fill, h } from "../core/dom.js";
import { fetched } from "../core/http.js";
import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";
import { inWords } from "../core/trouble.js";
import { draw } from "../core/boxes.js";

const MOMENTS = ["before", "at", "after"];

/**
 * @param {any[]} evidence of one incident
 * @param {string} name of the incident
 * @param {ReturnType<typeof import("./playback.js").playback>} player
 */
export function evidenceStrip(evidence, name, player) {
  const cells = MOMENTS.map((moment) => cell(moment, evidence.find((one) => one.moment === moment), name, player));
  return h("ul", { class: "evidence" }, cells);
}

/** @param {string} moment @param {any} found @param {string} name @param {ReturnType<typeof import("./playback.js").playback>} player */
function cell(moment, found, name, player) {
  const words = t(`review.moment.${moment}`);
  if (!found) return h("li", {}, h("span", { class: "quiet small" }, words, ": ", t("review.noPicture")));
  const canvas = h("canvas", { width: 320, height: 240, "aria-hidden": "true" });
  const caption = h("span", { class: "small" }, words, " ", clockTime(found.captured_at));
  const show = () => player.show(found.offset, found.captured_at, found.boxes);
  const button = h("button", { type: "button", onClick: show }, canvas, caption, h("span", { class: "unseen" }, ": ", name));
  whenSeen(button, () => load(canvas, caption, found, player));
  return h("li", {}, button);
}

/** @param {HTMLCanvasElement} canvas @param {HTMLElement} caption @param {any} found @param {ReturnType<typeof import("./playback.js").playback>} player */
async function load(canvas, caption, found, player) {
  try {
    const bitmap = await createImageBitmap(await (await fetched("GET", found.picture)).blob());
    const paint = () => draw(canvas, bitmap, player.boxes.isShown ? found.boxes : []);
    paint();
    player.boxes.follow(paint);
  } catch (error) {
    fill(caption, inWords(error));
  }
}

/** Pictures are asked for as they come into view. @param {HTMLElement} element @param {() => void} seen */
function whenSeen(element, seen) {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    seen();
  });
  observer.observe(element);
}
