// The checks of a device: each says ready, warning or not ready, why, and what helps.

import { get } from "../core/http.js";
import { light, openCamera } from "../core/camera.js";

/** @typedef {"ready" | "warning" | "blocked"} State */
/** @typedef {{ state: State, reason: string, values?: Record<string, number> }} Finding `reason` is a key below checkIn.found */

const SLOW = 400; // milliseconds of a round trip, from where pictures and answers begin to queue

/** Whether the browser can do what the room needs. @returns {Promise<Finding>} */
export async function browser() {
  const lacking = !("serviceWorker" in navigator && "locks" in navigator && "indexedDB" in window && "OffscreenCanvas" in window);
  return lacking ? { state: "blocked", reason: "browserOld" } : { state: "ready", reason: "browser" };
}

/** Whether the way to the server is there and short. @returns {Promise<Finding>} */
export async function network() {
  const times = [];
  for (let round = 0; round < 4; round += 1) {
    const begun = performance.now();
    try {
      await get("/healthz");
    } catch {
      return { state: "blocked", reason: "networkNone" };
    }
    times.push(performance.now() - begun);
  }
  const milliseconds = Math.round(Math.min(...times.slice(1)));
  return { state: milliseconds > SLOW ? "warning" : "ready", reason: milliseconds > SLOW ? "networkSlow" : "network", values: { milliseconds } };
}

/** Whether one may go to full screen. @returns {Promise<Finding>} */
export async function fullscreen() {
  return document.fullscreenEnabled ? { state: "ready", reason: "fullscreen" } : { state: "warning", reason: "fullscreenNone" };
}

/** Whether there is more than one screen, as far as the browser tells. @returns {Promise<Finding>} */
export async function screens() {
  const extended = /** @type {any} */ (window.screen).isExtended;
  if (extended === undefined) return { state: "ready", reason: "screensUnknown" };
  return extended ? { state: "warning", reason: "screensMany" } : { state: "ready", reason: "screens" };
}

/**
 * Whether the camera shows a picture; keeps it open in `video`.
 * @param {HTMLVideoElement} video
 * @returns {Promise<Finding>}
 */
export async function camera(video) {
  try {
    video.srcObject ??= await openCamera();
    await video.play();
  } catch (error) {
    return { state: "blocked", reason: refusals[error instanceof DOMException ? error.name : ""] ?? "cameraBroken" };
  }
  await new Promise((resolve) => setTimeout(resolve, 600)); // the first pictures of a camera are often dark
  const { brightness, contrast } = light(video);
  if (contrast < 4) return { state: "blocked", reason: "cameraCovered" };
  return brightness < 40 ? { state: "warning", reason: "cameraDark" } : { state: "ready", reason: "camera" };
}

/** Names of the Media Capture and Streams standard, section 10.2. @type {Record<string, string>} */
const refusals = {
  NotAllowedError: "cameraRefused",
  NotFoundError: "cameraNone",
  OverconstrainedError: "cameraNone",
  NotReadableError: "cameraBusy",
};
