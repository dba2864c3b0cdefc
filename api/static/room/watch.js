// Being watched, on the page's side: the camera, the worker that records, and what the browser itself reports.

import { h } from "../core/dom.js";
import { post } from "../core/http.js";
import { hear, measured } from "../core/server-clock.js";
import { Eye } from "../core/eye.js";
import { cameraFacts, pageFacts } from "./facts.js";

/** @typedef {{ isOpen: boolean, waiting: number, dropped: number, seenAt: number, interval: number }} WatchState */

/**
 * @typedef {object} Ears
 * @property {(state: WatchState) => void} state
 * @property {(isBlocked: boolean) => void} light
 * @property {(code: number) => void} ended 4409: opened elsewhere; 4410: the exam has ended
 * @property {(kind: string) => void} happened what the browser noticed, to be said kindly
 * @property {(reason: string | null) => void} camera why it shows nothing; null when it does
 * @property {import("./screen-share.js").ScreenShare} screen
 * @property {() => Promise<boolean>} isMine whether the exam is still written on this device
 */

// A page is itself until it is loaded again: its own newer connection is no other place, a duplicate of its tab is one.
const PAGE = crypto.randomUUID();
const ELSEWHERE = 4409;
const REPLACED = 4411; // who is told so goes by this page's name and is not this page
const PATIENCE = 10_000;

/**
 * @param {string} id the attempt
 * @param {HTMLVideoElement} video shows the person their own picture
 * @param {Ears} ears
 */
export function watch(id, video, ears) {
  const worker = new Worker(new URL("./capture-worker.js", import.meta.url), { type: "module" });
  const note = (/** @type {string} */ kind, detail = "") => worker.postMessage({ type: "event", kind, detail });
  const report = (/** @type {string} */ kind, detail = "") => {
    note(kind, detail);
    ears.happened(kind);
  };
  const eye = new Eye(video, {
    opened: (stream) => opened(id, stream, worker),
    ended: () => note("track_ended", "camera"),
    trouble: ears.camera,
  });
  const display = h("video", { muted: true, playsInline: true, autoplay: true });
  const wantsScreen = () => ears.screen.isLive || Boolean(display.srcObject);
  const ticket = ticketer(id, worker, ears);
  worker.onmessage = ({ data }) => {
    if (data.type === "need-ticket") ticket(data.turn);
    if (data.type === "need-picture" && eye.isLive) picture(worker, video);
    if (data.type === "need-screen") screenPicture(worker, display);
    if (data.type === "opened") present(note, eye);
    if (data.type === "opened" && wantsScreen()) note(ears.screen.isLive ? "screen_started" : "screen_ended");
    if (data.type === "state") ears.state(data);
    if (data.type === "heard") hear(data.serverTime);
    if (data.type === "light") ears.light(data.isBlocked);
    if (data.type === "ended") ears.ended(data.code === REPLACED ? ELSEWHERE : data.code);
  };
  const address = `${location.origin.replace(/^http/, "ws")}/api/monitoring/attempts/${id}/stream`;
  worker.postMessage({ type: "start", attempt: id, address, ahead: measured() });
  listen(report, note);
  document.addEventListener("visibilitychange", () => worker.postMessage({ type: "facts", facts: pageFacts() }));
  eye.open();
  const stop = () => {
    worker.postMessage({ type: "stop" });
    ears.screen.stop();
    eye.stop();
  };
  const screen = {
    started: (/** @type {MediaStream} */ stream) => screenShared(stream, worker, note, display),
    ended() {
      note("screen_ended");
      worker.postMessage({ type: "screen", frames: null });
    },
  };
  return { stop, screen, openCamera: () => eye.open(), hurry: () => worker.postMessage({ type: "hurry" }) };
}

/**
 * Each connection begins with how things are now: the server knows only what it was told.
 * @param {(kind: string, detail?: string) => void} note
 * @param {Eye} eye
 */
function present(note, eye) {
  note(document.hidden ? "tab_hidden" : "tab_visible");
  if (eye.isLive) note("track_started", "camera");
  else if (eye.isKnownEnded) note("track_ended", "camera");
}

/**
 * Asks for one ticket at a time: a newer question calls off the older one, which a network that is gone would never answer.
 * @param {string} id @param {Worker} worker @param {Ears} ears
 */
function ticketer(id, worker, ears) {
  let called = new AbortController();
  return async (/** @type {number} */ turn) => {
    called.abort();
    called = new AbortController();
    const { signal } = called;
    try {
      // The stream that opens last is the one that counts, so a device that was away must not take it back by itself.
      if (!(await ears.isMine())) {
        worker.postMessage({ type: "stop" });
        return ears.ended(ELSEWHERE);
      }
      if (signal.aborted) return;
      const until = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
      const grant = await post(`/api/monitoring/attempts/${id}/stream-ticket`, { page: PAGE }, { signal: until });
      worker.postMessage({ type: "ticket", grant, turn });
      if (grant.screen_interval_ms) ears.screen.want(grant.screen_interval_ms);
    } catch {
      // Offline, or the clock is just being armed: the worker asks again after a pause, and what is recorded waits.
      worker.postMessage({ type: "no-ticket", turn });
    }
  };
}

/** @param {Worker} worker @param {HTMLVideoElement} video */
async function picture(worker, video) {
  if (!video.videoWidth || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
  // Between two pictures of a camera there may be none to copy; the next one comes with the next interval.
  const bitmap = await createImageBitmap(video).catch(() => null);
  if (bitmap) worker.postMessage({ type: "picture", bitmap }, [bitmap]);
}

/** @param {string} id @param {MediaStream} stream @param {Worker} worker */
async function opened(id, stream, worker) {
  worker.postMessage({ type: "event", kind: "track_started", detail: "camera" });
  worker.postMessage({ type: "facts", facts: { ...pageFacts(), ...(await cameraFacts(id, stream)) } });
  // Chromium hands the camera's pictures to the worker itself; elsewhere the page copies one each interval.
  const Processor = /** @type {any} */ (window).MediaStreamTrackProcessor;
  if (!Processor) return;
  const { readable } = new Processor({ track: stream.getVideoTracks()[0], maxBufferSize: 1 });
  worker.postMessage({ type: "frames", frames: readable }, [readable]);
}

/**
 * As with the camera, Chromium hands the pictures to the worker itself: a hidden page copies none.
 * @param {MediaStream} stream
 * @param {Worker} worker
 * @param {(kind: string, detail?: string) => void} note
 * @param {HTMLVideoElement} display
 */
function screenShared(stream, worker, note, display) {
  note("screen_started");
  display.srcObject = stream;
  const Processor = /** @type {any} */ (window).MediaStreamTrackProcessor;
  if (!Processor) return worker.postMessage({ type: "screen" });
  const { readable } = new Processor({ track: stream.getVideoTracks()[0], maxBufferSize: 1 });
  worker.postMessage({ type: "screen", frames: readable }, [readable]);
}

/** @param {Worker} worker @param {HTMLVideoElement} display */
async function screenPicture(worker, display) {
  const bitmap = display.videoWidth ? await createImageBitmap(display).catch(() => null) : null;
  if (bitmap) worker.postMessage({ type: "screen-picture", bitmap }, [bitmap]);
}

/** @param {(kind: string, detail?: string) => void} report @param {(kind: string, detail?: string) => void} note */
function listen(report, note) {
  const visibility = () => report(document.visibilityState === "hidden" ? "tab_hidden" : "tab_visible");
  const fullscreen = () => report(document.fullscreenElement ? "fullscreen_enter" : "fullscreen_exit");
  document.addEventListener("visibilitychange", visibility);
  document.addEventListener("fullscreenchange", fullscreen);
  document.addEventListener("paste", () => report("paste"));
  addEventListener("blur", () => report("focus_lost"));
  addEventListener("focus", () => report("focus_gained"));
  navigator.mediaDevices.addEventListener("devicechange", () => note("devices_changed"));
}
