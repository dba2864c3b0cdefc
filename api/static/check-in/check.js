// The checks of a device: each says ready, warning or not ready, why, and what helps.

import { h } from "../core/dom.js";
import { get } from "../core/http.js";
import { light, reasonOf } from "../core/camera.js";
import { isHeard, openMicrophone } from "../core/microphone.js";
import { t } from "../core/text.js";

/** @typedef {"ready" | "warning" | "blocked"} State */
/** @typedef {{ state: State, reason: string, values?: Record<string, number> }} Finding `reason` is a key below checkIn.found */

const SLOW = 400; // milliseconds of a round trip, from where pictures and answers begin to queue

/** Whether the browser can do what the room needs. @returns {Promise<Finding>} */
export async function browser() {
  const lacking = !("serviceWorker" in navigator && "locks" in navigator && "indexedDB" in window && "OffscreenCanvas" in window);
  return lacking ? { state: "blocked", reason: "browserOld" } : { state: "ready", reason: "browser" };
}

/** Whether the whole screen can be shared; it is, once the exam begins. @returns {Promise<Finding>} */
export async function screenShare() {
  return navigator.mediaDevices && "getDisplayMedia" in navigator.mediaDevices ? { state: "ready", reason: "screenShare" } : { state: "blocked", reason: "screenShareNone" };
}

const SOCKET_PATIENCE = 6_000; // milliseconds

/** Whether the way to the server is there and short, and lets a lasting connection through. @returns {Promise<Finding>} */
export async function network() {
  const times = [];
  try {
    for (let round = 0; round < 4; round += 1) {
      const begun = performance.now();
      await get("/healthz");
      times.push(performance.now() - begun);
    }
    await get("/api/users/me"); // renews the session where it ran off: the socket itself cannot
  } catch {
    return { state: "blocked", reason: "networkNone" };
  }
  if (!(await socketOpens())) return { state: "blocked", reason: "networkNoSocket" };
  const milliseconds = Math.round(Math.min(...times.slice(1)));
  return { state: milliseconds > SLOW ? "warning" : "ready", reason: milliseconds > SLOW ? "networkSlow" : "network", values: { milliseconds } };
}

/** Pictures go over a socket, which some firewalls refuse. @returns {Promise<boolean>} */
function socketOpens() {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/notifications/live`);
    const done = (/** @type {boolean} */ isOpen) => {
      clearTimeout(timer);
      socket.close();
      resolve(isOpen);
    };
    const timer = setTimeout(() => done(false), SOCKET_PATIENCE);
    socket.addEventListener("message", () => done(true));
    socket.addEventListener("error", () => done(false));
  });
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
 * Whether the camera shows a picture; it stays open.
 * @param {import("../core/eye.js").Eye} eye
 * @returns {Promise<Finding>}
 */
export async function camera(eye) {
  if (!eye.isLive) await eye.open();
  if (!eye.isLive) return { state: "blocked", reason: eye.reason ?? "cameraSilent" };
  const { video } = eye;
  try {
    await video.play();
  } catch {
    return { state: "blocked", reason: eye.reason ?? "cameraBroken" };
  }
  await new Promise((resolve) => setTimeout(resolve, 600)); // the first pictures of a camera are often dark
  const { brightness, contrast } = light(video);
  if (contrast < 4) return { state: "blocked", reason: "cameraCovered" };
  return brightness < 40 ? { state: "warning", reason: "cameraDark" } : { state: "ready", reason: "camera" };
}

/**
 * Whether the microphone hears something; what it hears never leaves this function.
 * @param {HTMLElement} stage shows what to do, and the level
 * @returns {Promise<Finding>}
 */
export async function microphone(stage) {
  let stream;
  try {
    stream = await openMicrophone();
  } catch (error) {
    return { state: "blocked", reason: reasonOf(error).replace("camera", "microphone") };
  }
  const meter = h("meter", { min: 0, max: 0.3, value: 0, "aria-label": t("checkIn.level") });
  stage.append(h("p", { role: "status" }, t("checkIn.speak")), meter);
  try {
    const heard = await isHeard(stream, (level) => (meter.value = level));
    return heard ? { state: "ready", reason: "microphone" } : { state: "warning", reason: "microphoneSilent" };
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}
