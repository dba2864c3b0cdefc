// Being watched, on the page's side: the camera, the worker that records, and what the browser itself reports.

import { closeCamera, openCamera } from "../core/camera.js";
import { post } from "../core/http.js";
import { learn, serverNow } from "../core/server-clock.js";

/** @typedef {{ isOpen: boolean, waiting: number, dropped: number, seenAt: number, interval: number }} WatchState */

/**
 * @typedef {object} Ears
 * @property {(state: WatchState) => void} state
 * @property {(isBlocked: boolean) => void} light
 * @property {(code: number) => void} ended 4409: opened elsewhere; 4410: the exam has ended
 * @property {(kind: string) => void} happened what the browser noticed, to be said kindly
 * @property {(error: unknown) => void} noCamera
 * @property {() => Promise<boolean>} isMine whether the exam is still written on this device
 */

/**
 * @param {string} id the attempt
 * @param {HTMLVideoElement} video shows the person their own picture
 * @param {Ears} ears
 */
export function watch(id, video, ears) {
  const worker = new Worker(new URL("./capture-worker.js", import.meta.url), { type: "module" });
  const report = (/** @type {string} */ kind, detail = "") => {
    worker.postMessage({ type: "event", kind, detail });
    ears.happened(kind);
  };
  worker.onmessage = ({ data }) => {
    if (data.type === "need-ticket") ticket(id, worker, ears);
    if (data.type === "need-picture") picture(worker, video);
    if (data.type === "opened") present(worker, video);
    if (data.type === "state") ears.state(data);
    if (data.type === "light") ears.light(data.isBlocked);
    if (data.type === "ended") ears.ended(data.code);
  };
  const address = `${location.origin.replace(/^http/, "ws")}/api/monitoring/attempts/${id}/stream`;
  worker.postMessage({ type: "start", attempt: id, address, ahead: serverNow() - Date.now() });
  listen(report, worker);
  const open = () => camera(worker, video, report, ears);
  open();
  const stop = () => {
    worker.postMessage({ type: "stop" });
    if (video.srcObject instanceof MediaStream) closeCamera(video.srcObject);
  };
  return { stop, openCamera: open };
}

/**
 * Each connection begins with how things are now: the server knows only what it was told.
 * @param {Worker} worker
 * @param {HTMLVideoElement} video
 */
function present(worker, video) {
  const tracks = video.srcObject instanceof MediaStream ? video.srcObject.getVideoTracks() : [];
  const isLive = tracks.some((track) => track.readyState === "live");
  const kinds = [document.hidden ? "tab_hidden" : "tab_visible", isLive ? "track_started" : "track_ended"];
  for (const kind of kinds) worker.postMessage({ type: "event", kind });
}

/** @param {string} id @param {Worker} worker @param {Ears} ears */
async function ticket(id, worker, ears) {
  try {
    // The stream that opens last is the one that counts, so a device that was away must not take it back by itself.
    if (!(await ears.isMine())) {
      worker.postMessage({ type: "stop" });
      return ears.ended(4409);
    }
    const asked = Date.now();
    const grant = await post(`/api/monitoring/attempts/${id}/stream-ticket`, {});
    learn(grant.server_time, asked);
    worker.postMessage({ type: "ticket", grant });
  } catch {
    // Offline, or the clock is just being armed: the worker asks again after a pause, and what is recorded waits.
    worker.postMessage({ type: "no-ticket" });
  }
}

/** @param {Worker} worker @param {HTMLVideoElement} video */
async function picture(worker, video) {
  if (!video.videoWidth || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
  // Between two pictures of a camera there may be none to copy; the next one comes with the next interval.
  const bitmap = await createImageBitmap(video).catch(() => null);
  if (bitmap) worker.postMessage({ type: "picture", bitmap }, [bitmap]);
}

/**
 * @param {Worker} worker
 * @param {HTMLVideoElement} video
 * @param {(kind: string, detail?: string) => void} report
 * @param {Ears} ears
 */
async function camera(worker, video, report, ears) {
  try {
    const stream = await openCamera();
    video.srcObject = stream;
    const [track] = stream.getVideoTracks();
    worker.postMessage({ type: "event", kind: "track_started", detail: "camera" });
    track.addEventListener("ended", () => report("track_ended", "camera"));
    // Chromium hands the camera's pictures to the worker itself; elsewhere the page copies one each interval.
    const Processor = /** @type {any} */ (window).MediaStreamTrackProcessor;
    if (!Processor) return;
    const { readable } = new Processor({ track, maxBufferSize: 1 });
    worker.postMessage({ type: "frames", frames: readable }, [readable]);
  } catch (error) {
    report("track_ended", "camera");
    ears.noCamera(error);
  }
}

/** @param {(kind: string, detail?: string) => void} report @param {Worker} worker */
function listen(report, worker) {
  const visibility = () => report(document.visibilityState === "hidden" ? "tab_hidden" : "tab_visible");
  const fullscreen = () => report(document.fullscreenElement ? "fullscreen_enter" : "fullscreen_exit");
  document.addEventListener("visibilitychange", visibility);
  document.addEventListener("fullscreenchange", fullscreen);
  document.addEventListener("paste", () => report("paste"));
  addEventListener("blur", () => report("focus_lost"));
  addEventListener("focus", () => report("focus_gained"));
  addEventListener("online", () => worker.postMessage({ type: "online" }));
  navigator.mediaDevices.addEventListener("devicechange", () => report("devices_changed"));
}
