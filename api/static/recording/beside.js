// The shared screen beside the camera: the picture that stood there at the same moment, where one did.

import { draw } from "../core/boxes.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";

const LEAST = 60_000; // milliseconds for which a picture of the screen stands for what followed it

/** @param {import("./film.js").Film} film of the screen; without frames there is nothing beside */
export function besideCamera(film) {
  const canvas = h("canvas", { class: "picture", width: 1280, height: 720, role: "img", "aria-label": t("review.screen") });
  const caption = h("figcaption", { class: "quiet small" });
  const element = h("figure", { class: "screen", hidden: true }, canvas, caption);
  const lasts = film.gap(LEAST);
  let asked = 0;
  let shown = "";
  return {
    element,
    /** @param {number} at milliseconds since 1970 */
    async show(at) {
      const frame = film.frames[film.placeAt(at)];
      const isThere = frame && frame.at <= at && at - frame.at <= lasts;
      element.hidden = !isThere;
      if (!isThere || frame.offset === shown) return;
      const turn = (asked += 1);
      const bitmap = await film.picture(frame);
      if (turn === asked && bitmap) {
        draw(canvas, bitmap, []);
        shown = frame.offset;
        fill(caption, t("review.screen"), " ", clockTime(frame.captured_at));
      }
      bitmap?.close();
      film.prepare(frame);
    },
  };
}
