// Sharing the whole screen, where the exam asks for it: asked for by a button, refused for less, visible while it lasts.

import { announce } from "../core/announce.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";

const OPTIONS = { video: { displaySurface: "monitor", frameRate: { max: 2 } }, audio: false, monitorTypeSurfaces: "include", selfBrowserSurface: "exclude", surfaceSwitching: "exclude" };
const WHOLE = "monitor";

/**
 * @typedef {object} Ears
 * @property {(stream: MediaStream) => void} started
 * @property {() => void} ended
 */

export class ScreenShare {
  /** @type {MediaStream | null} */
  stream = null;
  isWanted = false;

  /** @param {import("./note.js").Notes} notes @param {() => Ears | undefined} ears */
  constructor(notes, ears) {
    this.notes = notes;
    this.ears = ears;
    this.sign = h("p", { class: "small", hidden: true });
  }

  get isLive() {
    return this.stream?.getVideoTracks()[0]?.readyState === "live";
  }

  /** The server says that this exam asks for it. @param {number} interval milliseconds between two pictures */
  want(interval) {
    this.seconds = Math.round(interval / 1000);
    if (this.isWanted) return;
    this.isWanted = true;
    this.#show("screenWanted");
  }

  /** Browsers let only a person begin it, and choose what is shared. */
  async ask() {
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia(OPTIONS);
      const [track] = stream.getVideoTracks();
      const surface = track.getSettings().displaySurface ?? WHOLE; // some browsers do not say
      if (surface !== WHOLE) {
        track.stop();
        return this.#show("screenPart");
      }
      this.#take(stream, track);
    } catch {
      this.#show("screenRefused");
    }
  }

  stop() {
    this.isWanted = false;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
  }

  /** @param {MediaStream} stream @param {MediaStreamTrack} track */
  #take(stream, track) {
    this.stop();
    [this.stream, this.isWanted] = [stream, true];
    track.addEventListener("ended", () => this.#ended(stream));
    this.notes.withdraw("screen");
    announce(t("room.screenShared"));
    this.#show(null);
    this.ears()?.started(stream);
  }

  /** @param {MediaStream} stream */
  #ended(stream) {
    if (this.stream !== stream || !this.isWanted) return;
    this.stream = null;
    this.ears()?.ended();
    this.#show("screenEnded");
  }

  /** @param {string | null} trouble why it is not shared */
  #show(trouble) {
    const ask = { words: t("room.shareScreen"), act: () => void this.ask() };
    if (trouble) this.notes.tell("screen", t(`room.${trouble}`), "medium", ask);
    this.sign.hidden = false;
    const again = h("button", { type: "button", class: "link", onClick: ask.act }, ask.words);
    fill(this.sign, trouble ? [t("room.screenUnshared"), " ", again] : t("room.screenShown", { seconds: this.seconds ?? 0 }));
  }
}
