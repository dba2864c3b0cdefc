// How well the person is seen, from three sides: this device's camera, its own look at the light, and the detector's.

import { announce } from "../core/announce.js";
import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { ScreenShare } from "./screen-share.js";

/** The corner in which people see what the camera sees. @param {HTMLVideoElement} video @param {HTMLElement} screen says whether the screen is shared */
export function ownPicture(video, screen) {
  return h("details", { class: "own", open: true }, h("summary", {}, t("room.camera")), video, h("p", { class: "quiet small" }, t("room.recorded")), screen);
}

export class Picture {
  /** @param {import("./note.js").Notes} notes @param {() => ReturnType<typeof import("./watch.js").watch> | undefined} watching */
  constructor(notes, watching) {
    this.notes = notes;
    this.openCamera = () => watching()?.openCamera();
    this.screen = new ScreenShare(notes, () => watching()?.screen);
    this.isBlocked = false;
    this.isUnseen = false;
    this.isDark = false;
  }

  get isBad() {
    return this.isBlocked || this.isUnseen || this.isDark;
  }

  /** By this device's own look. @param {boolean} isBlocked */
  light(isBlocked) {
    if (isBlocked === this.isBlocked) return;
    this.isBlocked = isBlocked;
    if (isBlocked) this.notes.tell("light", t("room.blocked"));
    else this.notes.withdraw("light");
  }

  /** By the detector's. @param {boolean} isUnseen */
  seen(isUnseen) {
    this.isUnseen = isUnseen;
  }

  /** @param {string | null} reason why the camera shows nothing; null when it does */
  camera(reason) {
    if (this.isDark && !reason) announce(t("room.cameraBack"));
    this.isDark = reason !== null;
    if (reason) this.notes.tell("camera", t(`room.eye.${reason}`), "medium", { words: t("room.openCamera"), act: this.openCamera });
    else this.notes.withdraw("camera");
  }
}
