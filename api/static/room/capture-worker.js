// Off the main thread: takes a picture each interval, keeps it until the server has it, and holds the stream open.
//
// Messages in: start {attempt, address, ahead, frames?}, picture {bitmap}, event {kind, detail}, ticket {grant}, stop.
// Messages out: need-ticket, need-picture, opened, state {isOpen, waiting, dropped, seenAt, interval}, light {isBlocked}, ended {code}.

import { light } from "../core/camera.js";
import { Link } from "./link.js";
import { Spool } from "./spool.js";

const LONGEST_PAUSE = 20_000;
const MOST_WAITING = 900; // the server's window: a quarter of an hour at a picture a second

/** @type {Spool} */
let spool;
/** @type {Link} */
let link;
let address = "";
let ahead = 0;
let interval = 1_000;
let pause = 1_000;
let dropped = 0;
let seenAt = 0;
let isOver = false;
/** @type {ReadableStreamDefaultReader<VideoFrame> | null} */
let frames = null;
const canvas = new OffscreenCanvas(640, 480);

/** @param {any} message */
const tell = (message) => postMessage(message);
const now = () => Math.round(Date.now() + ahead);

/** @type {Promise<void>} what is said before the spool is open waits for it */
let begun = Promise.resolve();

onmessage = async ({ data }) => {
  if (data.type === "start") begun = start(data);
  await begun;
  if (data.type === "frames") frames = data.frames.getReader();
  if (data.type === "picture") await record(data.bitmap);
  if (data.type === "event") await add({ kind: data.kind, detail: data.detail ?? "" });
  if (data.type === "ticket") connect(data.grant);
  if (data.type === "no-ticket") closed(0, true);
  if (data.type === "online" && !link.isOpen) tell({ type: "need-ticket" });
  if (data.type === "stop") stop();
};

/** @param {{ attempt: string, address: string, ahead: number }} plan */
async function start(plan) {
  ({ address, ahead } = plan);
  spool = await Spool.open(plan.attempt);
  link = new Link(spool, { opened, acknowledged, closed });
  tell({ type: "need-ticket" });
  capture();
}

/** @param {any} grant */
function connect(grant) {
  ahead = Date.parse(grant.server_time) - Date.now();
  interval = grant.interval_ms;
  link.open(address, grant);
}

/** @param {number} wanted */
function opened(wanted) {
  interval = wanted;
  pause = 1_000;
  tell({ type: "opened" });
  report();
}

/** @param {number} wanted */
function acknowledged(wanted) {
  interval = wanted;
  seenAt = now();
  report();
}

/** @param {number} code @param {boolean} mayReconnect */
function closed(code, mayReconnect) {
  report();
  if (!mayReconnect || code === 4410) {
    isOver = true;
    tell({ type: "ended", code });
    return;
  }
  // A random delay, so that a whole room does not come back in one moment.
  setTimeout(() => !isOver && tell({ type: "need-ticket" }), pause * (0.5 + Math.random()));
  pause = Math.min(2 * pause, LONGEST_PAUSE);
}

async function capture() {
  const begun = performance.now();
  if (isOver) return;
  link.checkPulse(interval);
  if (frames) await fromFrames(frames);
  else tell({ type: "need-picture" });
  setTimeout(capture, Math.max(50, interval - (performance.now() - begun)));
}

/** @param {ReadableStreamDefaultReader<VideoFrame>} reader */
async function fromFrames(reader) {
  const { value, done } = await reader.read();
  if (done || !value) {
    frames = null;
    return;
  }
  await record(value);
}

/** @param {VideoFrame | ImageBitmap} picture */
async function record(picture) {
  const drawn = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  drawn.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.7 });
  const { brightness, contrast } = light(canvas);
  tell({ type: "light", isBlocked: brightness < 10 || contrast < 4 });
  await add(await blob.arrayBuffer());
}

/** @param {ArrayBuffer | { kind: string, detail: string }} body */
async function add(body) {
  if (isOver) return;
  if (body instanceof ArrayBuffer && spool.entries.size >= MOST_WAITING) dropped += 1;
  else link.release(await spool.add(now(), body, link.claim()));
  if (link.isOpen) await link.flush();
  else report();
}

function report() {
  tell({ type: "state", isOpen: link.isOpen, waiting: spool.entries.size, dropped, seenAt, interval });
}

function stop() {
  isOver = true;
  link.close();
}
