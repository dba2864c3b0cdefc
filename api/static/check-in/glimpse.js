// Lets the proctor see somebody who waits to be let in, beside their photo: a small picture now and then, the newest is kept.

import { h } from "../core/dom.js";
import { fetched, Problem, Unreachable } from "../core/http.js";
import { t } from "../core/text.js";

const EVERY = 3_000; // milliseconds
const SOON = 300; // milliseconds until the page shows the camera
const WIDTH = 480; // pixels
const QUALITY = 0.7;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let next;

/**
 * Send pictures from now on, until the server says that nobody waits any more.
 * @param {string} attempt
 * @param {HTMLVideoElement} video
 * @returns {HTMLElement} what tells the person so
 */
export function showMyself(attempt, video) {
  clearTimeout(next);
  const look = async () => {
    if (await isWanted(attempt, video)) next = setTimeout(look, EVERY);
  };
  next = setTimeout(look, SOON);
  return h("p", { class: "quiet" }, t("checkIn.wait.seen"));
}

/** @param {string} attempt @param {HTMLVideoElement} video @returns {Promise<boolean>} whether to send another one later */
async function isWanted(attempt, video) {
  if (!video.isConnected) return false;
  if (!video.videoWidth) return true;
  try {
    await fetched("PUT", `/api/monitoring/attempts/${attempt}/glimpse`, { body: await small(video), headers: { "Content-Type": "image/jpeg" } });
    return true;
  } catch (error) {
    if (error instanceof Unreachable) return true;
    if (error instanceof Problem) return error.status >= 429;
    throw error;
  }
}

/** @param {HTMLVideoElement} video */
function small(video) {
  const scale = Math.min(1, WIDTH / video.videoWidth);
  const canvas = new OffscreenCanvas(Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale));
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}
