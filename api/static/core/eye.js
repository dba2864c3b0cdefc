// The camera of whoever checks in or sits an exam: opened again by itself when it stops, with the true reason while it does not open.

import { closeCamera, openCamera, reasonOf } from "./camera.js";

const RETRY = 4_000; // milliseconds between two looks at a camera that shows nothing
const SETTLING = 400; // a device that is plugged in tells several changes at once

/**
 * @typedef {object} Ears
 * @property {(stream: MediaStream) => void} opened
 * @property {() => void} ended it showed something and no longer does, or could not be opened at all
 * @property {(reason: string | null) => void} trouble a word of core/camera.js; null when there is none any more
 */

export class Eye {
  /** @param {HTMLVideoElement} video shows the person their own picture @param {Ears} ears */
  constructor(video, ears) {
    this.video = video;
    this.ears = ears;
    this.isOpening = false;
    this.isOver = false;
    this.isWanted = false;
    this.isKnownEnded = false;
    /** @type {string | null} */
    this.reason = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    navigator.mediaDevices?.addEventListener("devicechange", () => this.soon());
    document.addEventListener("visibilitychange", () => document.hidden || this.soon());
    this.watchPermission();
    this.pulse = setInterval(() => this.look(), RETRY);
  }

  get track() {
    const { srcObject } = this.video;
    return srcObject instanceof MediaStream ? srcObject.getVideoTracks()[0] : undefined;
  }

  /** Whether pictures can come: a muted track is one whose camera somebody else has. */
  get isLive() {
    return this.track?.readyState === "live" && !this.track.muted;
  }

  /** Open it now; asked for by a person too, with the button beside the reason. */
  async open() {
    if (this.isOpening || this.isOver) return;
    this.isOpening = this.isWanted = true;
    try {
      const stream = await openCamera();
      if (this.isOver || (stream.getVideoTracks()[0].muted && this.track?.readyState === "live")) closeCamera(stream);
      else this.take(stream);
    } catch (error) {
      if (!this.isLive) this.fail(reasonOf(error));
    } finally {
      this.isOpening = false;
    }
  }

  /** @param {MediaStream} stream */
  take(stream) {
    if (this.video.srcObject instanceof MediaStream) closeCamera(this.video.srcObject);
    this.video.srcObject = stream;
    this.isKnownEnded = false;
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => this.look());
    track.addEventListener("mute", () => this.soon());
    track.addEventListener("unmute", () => this.say(null));
    this.ears.opened(stream);
    if (!track.muted) this.say(null);
  }

  /** A camera that stopped is opened again at once, then every few seconds, but never against the person's will. */
  look() {
    if (this.isLive || this.isOver || !this.isWanted) return;
    if (this.track?.readyState === "live") this.say("cameraSilent");
    else this.end();
    if (this.reason !== "cameraRefused") this.open();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), SETTLING);
  }

  end() {
    if (this.isKnownEnded) return;
    this.isKnownEnded = true;
    this.ears.ended();
  }

  /** @param {string} reason */
  fail(reason) {
    this.end();
    this.say(reason);
  }

  /** @param {string | null} reason */
  say(reason) {
    if (reason === this.reason) return;
    this.reason = reason;
    this.ears.trouble(reason);
  }

  /** A camera that is allowed after all is opened. Not every browser tells. */
  async watchPermission() {
    const name = /** @type {PermissionName} */ ("camera");
    const permission = await navigator.permissions?.query({ name }).catch(() => null);
    permission?.addEventListener("change", () => permission.state === "granted" && !this.isLive && this.open());
  }

  stop() {
    this.isOver = true;
    clearInterval(this.pulse);
    clearTimeout(this.timer);
    if (this.video.srcObject instanceof MediaStream) closeCamera(this.video.srcObject);
  }
}
