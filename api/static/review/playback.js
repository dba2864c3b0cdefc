// Plays an attempt's recording at its own pace: a slider over time, incidents marked below it, boxes drawn on demand.

import { Boxes, draw } from "../core/boxes.js";
import { fill, h } from "../core/dom.js";
import { isScreenKey } from "../core/key.js";
import { t } from "../core/text.js";
import { clockTime, duration } from "../core/time.js";
import { inWords } from "../core/trouble.js";
import { besideCamera } from "../recording/beside.js";
import { Pace, SPEEDS } from "../recording/pace.js";
import { strip } from "../recording/strip.js";

/** @typedef {import("../core/boxes.js").Box} Box */
/** @typedef {import("../recording/film.js").Film} Film */

const AROUND = 5_000; // milliseconds before and after an incident that is played

/**
 * @param {Film} film
 * @param {Film} screen what was shared; without frames where nothing was
 * @param {Map<string, Box[]>} known boxes of the frames that are evidence, by offset
 * @param {{ started_at: string, ended_at: string | null, severity: string }[]} incidents
 */
export function playback(film, screen, known, incidents) {
  const beside = besideCamera(screen);
  const isEmpty = film.frames.length === 0;
  const canvas = h("canvas", { class: "picture", width: 640, height: 480, role: "img", "aria-label": t("review.frame") });
  const words = h("p", { role: "status", class: "small" });
  const slider = h("input", { type: "range", min: "0", max: String(film.end - film.begin), step: "1000", value: "0", disabled: isEmpty, "aria-label": t("review.scrub") });
  const play = h("button", { type: "button", disabled: isEmpty }, t("review.play"));
  const speed = h("select", { id: "speed" }, SPEEDS.map((times) => h("option", { value: String(times) }, t("review.times", { times }))));
  const tick = h("input", { type: "checkbox", id: "boxes" });
  const boxes = new Boxes();
  /** @type {((instant: string) => void)[]} */
  const followers = [];
  /** @type {{ bitmap: ImageBitmap, boxes: Box[], offset: string } | undefined} */
  let present;
  let asked = 0;

  const paint = () => present && draw(canvas, present.bitmap, boxes.isShown ? present.boxes : []);
  /** @param {number} at milliseconds since 1970 */
  const show = async (at) => {
    const frame = film.frames[film.placeAt(at)];
    if (!frame) return;
    const turn = (asked += 1);
    slider.value = String(at - film.begin);
    for (const follow of followers) follow(new Date(at).toISOString());
    try {
      void beside.show(at).catch((error) => (words.textContent = inWords(error)));
      if (present?.offset !== frame.offset) {
        const bitmap = await film.picture(frame);
        if (turn !== asked || !bitmap) {
          if (turn === asked) words.textContent = t("review.damaged", { time: clockTime(frame.captured_at) });
          return bitmap?.close();
        }
        present?.bitmap.close();
        present = { bitmap, boxes: known.get(frame.offset) ?? [], offset: frame.offset };
        paint();
      }
      film.prepare(frame);
      say(frame.captured_at, pace.gapAt(at), present?.boxes.length ?? 0);
    } catch (error) {
      pace.stop();
      words.textContent = inWords(error);
    }
  };
  /** @param {string} capturedAt @param {number} gap @param {number} count of boxes */
  const say = (capturedAt, gap, count) => {
    slider.setAttribute("aria-valuetext", clockTime(capturedAt));
    const said = [t("review.at", { time: clockTime(capturedAt) }), gap ? t("review.gap", { length: duration(gap / 1000) }) : "", count ? t("review.hasBoxes", { count }) : ""];
    // A screen reader is not told each picture of a film that plays.
    words.setAttribute("aria-live", pace.isPlaying ? "off" : "polite");
    fill(words, said.filter(Boolean).join(" "));
  };
  const pace = new Pace(film, show, () => (play.textContent = t(pace.isPlaying ? "review.stop" : "review.play")));
  const toggle = () => (pace.isPlaying ? pace.stop() : pace.play());
  const seek = (/** @type {number} */ at) => {
    pace.stop();
    void pace.seek(at);
  };
  const step = (/** @type {number} */ by) => {
    const next = film.frames[film.placeAt(pace.at) + by];
    if (next) seek(next.at);
  };
  slider.addEventListener("input", () => seek(film.begin + Number(slider.value)));
  play.addEventListener("click", toggle);
  speed.addEventListener("change", () => (pace.speed = Number(speed.value)));
  tick.addEventListener("change", () => boxes.show(tick.checked));
  boxes.follow(() => paint());
  if (isEmpty) words.textContent = t("review.noFrames");
  else void pace.seek(film.begin);
  const switches = h(
    "div",
    { class: "actions" },
    play,
    h("label", { class: "choice", htmlFor: "speed" }, h("span", { class: "unseen" }, t("review.speed")), speed),
    h("label", { class: "choice", htmlFor: "boxes" }, tick, h("span", {}, t("review.boxes"))),
  );
  const links = [film, screen].map(({ video, track }) => video && h("a", { href: video, download: "" }, t(`review.download.${track}`)));
  const download = h("div", { class: "actions" }, links);
  const keys = h("p", { class: "quiet small" }, t("review.filmKeys"));
  const element = h("section", { "aria-label": t("review.recording") }, canvas, beside.element, words, slider, strip(film, incidents, seek), switches, keys, download);
  onKeys(element, { p: toggle, ",": () => step(-1), ".": () => step(1) }, () => pace.stop());
  return {
    element,
    boxes,
    turnBoxes() {
      tick.click();
    },
    /** Show one frame, with what was seen in it. @param {string} offset @param {string} capturedAt @param {Box[]} seen */
    show(offset, capturedAt, seen) {
      known.set(offset, seen);
      seek(Date.parse(capturedAt));
    },
    /** Go to the moment. @param {string} instant */
    seekTo(instant) {
      seek(Date.parse(instant));
    },
    /** Play from shortly before an incident until shortly after it. @param {{ started_at: string, ended_at: string | null }} incident */
    async playStretch(incident) {
      const until = incident.ended_at ? Date.parse(incident.ended_at) + AROUND : film.end;
      pace.stop();
      await pace.seek(Date.parse(incident.started_at) - AROUND);
      pace.play(until);
    },
    /** @param {(instant: string) => void} moved called with the time of each picture */
    follow(moved) {
      followers.push(moved);
    },
  };
}

/** Single keys while the player is on the screen. @param {HTMLElement} element @param {Record<string, () => void>} acts @param {() => void} gone */
function onKeys(element, acts, gone) {
  const stop = new AbortController();
  let wasThere = false;
  const keyed = (/** @type {KeyboardEvent} */ event) => {
    wasThere ||= element.isConnected;
    if (wasThere && !element.isConnected) {
      gone();
      return stop.abort();
    }
    const act = acts[event.key.toLowerCase()];
    if (!act || !isScreenKey(event)) return;
    act();
    event.preventDefault();
  };
  addEventListener("keydown", keyed, { signal: stop.signal });
}
