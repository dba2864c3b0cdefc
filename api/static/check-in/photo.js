// The identity photo: the person beside a document, taken when they are ready, looked at before it is sent.

import { takePicture } from "../core/camera.js";
import { fill, h } from "../core/dom.js";
import { fetched } from "../core/http.js";
import { commandPath } from "../attempt/attempt.js";
import { t } from "../core/text.js";
import { refusalNotice } from "../core/trouble.js";

/**
 * @param {string} id the attempt
 * @param {HTMLVideoElement} video a running camera
 * @param {() => void} done
 */
export function photoStep(id, video, done) {
  const place = h("div", {});
  const trouble = h("div", {});
  const ask = () => {
    const take = h("button", { type: "button", class: "primary" }, t("checkIn.photo.take"));
    take.addEventListener("click", async () => {
      // A camera that was unplugged in between has no picture to take.
      if (video.videoWidth && !video.paused) confirm(await takePicture(video));
      else fill(trouble, h("p", { class: "notice medium" }, t("checkIn.photo.none")));
    });
    fill(trouble);
    fill(place, take);
  };
  /** @param {Blob} picture */
  const confirm = (picture) => {
    const shown = h("img", { class: "picture", src: URL.createObjectURL(picture), alt: t("checkIn.photo.alt") });
    const send = h("button", { type: "button", class: "primary" }, t("checkIn.photo.send"));
    const key = crypto.randomUUID();
    send.addEventListener("click", async () => {
      send.disabled = true;
      try {
        await fetched("POST", commandPath(id, "check-in/identity-photo"), { body: picture, headers: { "Content-Type": "image/jpeg" }, key });
        done();
      } catch (error) {
        send.disabled = false;
        fill(trouble, refusalNotice(error));
      }
    });
    fill(place, shown, h("div", { class: "actions" }, send, h("button", { type: "button", onClick: ask }, t("checkIn.photo.again"))));
    send.focus();
  };
  ask();
  return h("section", {}, h("h2", {}, t("checkIn.photo.title")), h("p", {}, t("checkIn.photo.lead")), trouble, place);
}
