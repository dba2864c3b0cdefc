// Plays the stored frames of an attempt: a slider over time, and a picture with boxes drawn on demand.

import { fill, h } from "../core/dom.js";
import { fetched, get } from "../core/http.js";
import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";
import { inWords } from "../core/trouble.js";

/** @typedef {{ offset: string, captured_at: string }} Stop */
/** @typedef {{ label: string, left: number, top: number, right: number, bottom: number, score: number }} Box */

/** @param {string} attempt */
export function playback(attempt) {
  const path = `/api/monitoring/attempts/${attempt}/frames`;
  const canvas = h("canvas", { class: "picture", width: 640, height: 480, role: "img", "aria-label": t("review.frame") });
  const words = h("p", { role: "status", class: "small" });
  const slider = h("input", { type: "range", min: "0", max: "0", "aria-label": t("review.scrub") });
  const play = h("button", { type: "button" }, t("review.play"));
  /** @type {Stop[]} */
  let stops = [];
  let drawn = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let running;

  /** @param {string} offset @param {string} capturedAt @param {Box[]} boxes */
  const show = async (offset, capturedAt, boxes) => {
    const turn = (drawn += 1);
    try {
      const bitmap = await createImageBitmap(await (await fetched("GET", `${path}/${offset}`)).blob());
      if (turn !== drawn) return;
      draw(canvas, bitmap, boxes);
      words.textContent = t("review.at", { time: clockTime(capturedAt) });
    } catch (error) {
      if (turn === drawn) words.textContent = inWords(error);
    }
  };
  const seek = (/** @type {number} */ place) => {
    slider.value = String(place);
    const stop = stops[place];
    if (stop) show(stop.offset, stop.captured_at, []);
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
  const load = async () => {
    let after = "";
    do {
      const page = await get(`${path}?limit=1000${after}`);
      stops = [...stops, ...page.items];
      after = page.next_after ? `&after=${page.next_after}` : "";
    } while (after);
    slider.max = String(Math.max(0, stops.length - 1));
    if (!stops.length) words.textContent = t("review.noFrames");
    else if (!drawn) seek(0);
  };
  load().catch((error) => fill(words, inWords(error)));
  return {
    element: h("section", { "aria-label": t("review.recording") }, canvas, words, slider, h("div", { class: "actions" }, play)),
    show,
    /** Go to the moment. @param {string} instant */
    seekTo(instant) {
      const place = stops.findIndex((stop) => stop.captured_at >= instant);
      seek(place < 0 ? stops.length - 1 : place);
    },
  };
}

/** @param {HTMLCanvasElement} canvas @param {ImageBitmap} bitmap @param {Box[]} boxes */
function draw(canvas, bitmap, boxes) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  pen.drawImage(bitmap, 0, 0);
  pen.lineWidth = 3;
  pen.font = "600 16px system-ui, sans-serif";
  for (const { label, left, top, right, bottom, score } of boxes) {
    const [x, y] = [left * canvas.width, top * canvas.height];
    pen.strokeStyle = "#ffc400";
    pen.strokeRect(x, y, (right - left) * canvas.width, (bottom - top) * canvas.height);
    const words = `${label} ${Math.round(score * 100)} %`;
    pen.fillStyle = "#000";
    pen.fillRect(x, y, pen.measureText(words).width + 8, 22);
    pen.fillStyle = "#ffc400";
    pen.fillText(words, x + 4, y + 16);
  }
}
