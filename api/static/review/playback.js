// Plays the stored frames of an attempt: a slider over time, and a picture with boxes drawn on demand.

import { fill, h } from "../core/dom.js";
import { fetched, get } from "../core/http.js";
import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";
import { inWords } from "../core/trouble.js";
import { Boxes, draw } from "../core/boxes.js";

/** @typedef {{ offset: string, captured_at: string }} Stop */
/** @typedef {import("../core/boxes.js").Box} Box */

/**
 * @param {string} attempt
 * @param {Stop[]} stops all frames in time
 * @param {Map<string, Box[]>} known boxes of the frames that are evidence, by offset
 */
export function playback(attempt, stops, known) {
  const path = `/api/monitoring/attempts/${attempt}/frames`;
  const canvas = h("canvas", { class: "picture", width: 640, height: 480, role: "img", "aria-label": t("review.frame") });
  const words = h("p", { role: "status", class: "small" });
  const slider = h("input", { type: "range", min: "0", max: String(Math.max(0, stops.length - 1)), value: "0", "aria-label": t("review.scrub") });
  const play = h("button", { type: "button", disabled: !stops.length }, t("review.play"));
  const tick = h("input", { type: "checkbox", id: "boxes" });
  const boxes = new Boxes();
  /** @type {((instant: string) => void)[]} */
  const followers = [];
  /** @type {{ bitmap: ImageBitmap, boxes: Box[] } | undefined} */
  let present;
  let asked = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let running;

  const paint = () => present && draw(canvas, present.bitmap, boxes.isShown ? present.boxes : []);
  /** @param {string} offset @param {string} capturedAt @param {Box[]} seen */
  const load = async (offset, capturedAt, seen) => {
    const turn = (asked += 1);
    for (const follow of followers) follow(capturedAt);
    try {
      const bitmap = await createImageBitmap(await (await fetched("GET", `${path}/${offset}`)).blob());
      if (turn !== asked) return;
      present = { bitmap, boxes: seen };
      paint();
      slider.setAttribute("aria-valuetext", clockTime(capturedAt));
      fill(words, t("review.at", { time: clockTime(capturedAt) }), " ", seen.length ? t("review.hasBoxes", { count: seen.length }) : "");
    } catch (error) {
      if (turn === asked) words.textContent = inWords(error);
    }
  };
  const seek = (/** @type {number} */ place) => {
    slider.value = String(place);
    const stop = stops[place];
    if (stop) load(stop.offset, stop.captured_at, known.get(stop.offset) ?? []);
  };
  const stopPlaying = () => {
    clearInterval(running);
    running = undefined;
    play.textContent = t("review.play");
  };
  slider.addEventListener("input", () => seek(Number(slider.value)));
  play.addEventListener("click", () => {
    if (running) return stopPlaying();
    play.textContent = t("review.stop");
    running = setInterval(() => (Number(slider.value) + 1 < stops.length ? seek(Number(slider.value) + 1) : stopPlaying()), 250);
  });
  tick.addEventListener("change", () => boxes.show(tick.checked));
  boxes.follow(() => paint());
  if (stops.length) seek(0);
  else words.textContent = t("review.noFrames");
  const switches = h("div", { class: "actions" }, play, h("label", { class: "choice", htmlFor: "boxes" }, tick, h("span", {}, t("review.boxes"))));
  return {
    element: h("section", { "aria-label": t("review.recording") }, canvas, words, slider, switches),
    boxes,
    turnBoxes() {
      tick.click();
    },
    /** Show one frame. @param {string} offset @param {string} capturedAt @param {Box[]} seen */
    show(offset, capturedAt, seen) {
      stopPlaying();
      const place = stops.findIndex((stop) => stop.offset === offset);
      if (place >= 0) slider.value = String(place);
      load(offset, capturedAt, seen);
    },
    /** Go to the moment. @param {string} instant */
    seekTo(instant) {
      stopPlaying();
      const place = stops.findIndex((stop) => stop.captured_at >= instant);
      seek(place < 0 ? stops.length - 1 : place);
    },
    /** @param {(instant: string) => void} moved called with the time of each picture */
    follow(moved) {
      followers.push(moved);
    },
  };
}

/** Where an attempt's frames stand in time. @param {string} attempt @returns {Promise<Stop[]>} */
export async function loadStops(attempt) {
  /** @type {Stop[]} */
  let stops = [];
  let after = "";
  do {
    const page = await get(`/api/monitoring/attempts/${attempt}/frames?limit=1000${after}`);
    stops = [...stops, ...page.items];
    after = page.next_after ? `&after=${page.next_after}` : "";
  } while (after);
  return stops;
}
