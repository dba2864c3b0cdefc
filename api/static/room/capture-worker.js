// Off the main thread: takes a picture each interval, keeps it until the server has it, and holds the stream open.
//
// Messages in: start {attempt, address, ahead}, frames {frames}, picture {bitmap}, event {kind, detail}, facts {…} (room/facts.js),
// screen {frames} (the shared screen's, null once it is not shared), screen-picture {bitmap},
// ticket {grant, turn}, no-ticket {turn}, hurry (the network may be another one, or the device slept), stop.
// Messages out: need-ticket {turn}, need-picture, need-screen, opened, state {isOpen, waiting, dropped, seenAt, interval}, heard {serverTime},
// light {isBlocked}, ended {code}.

import { light } from "../core/camera.js";
import { hear, learn, recall, serverNow } from "../core/server-clock.js";
import { Connector } from "./connector.js";
import { letterbox } from "./letterbox.js";
import { followServer, recordTime } from "./record-time.js";
import { ScreenFilm } from "./screen-film.js";
import { Link } from "./link.js";
import { Spool } from "./spool.js";
import { TRACKS, withFacts } from "./wire.js";

const PULSE = 1_000;
const MOST_WAITING = 900; // the server's window: a quarter of an hour at a picture a second

/** @type {Spool} */
let spool;
/** @type {Link} */
let link;
let address = "";
let interval = 1_000;
let dropped = 0;
let seenAt = 0;
/** @type {ReadableStreamDefaultReader<VideoFrame> | null} */
let frames = null;
/** What the page knows of camera and screen, beside what is measured here for each picture. @type {Record<string, unknown>} */
const facts = { run: Math.random().toString(16).slice(2, 10) };
const canvas = new OffscreenCanvas(640, 480);
const connector = new Connector((turn) => tell({ type: "need-ticket", turn }));

const screen = new ScreenFilm((jpeg) => add(jpeg, TRACKS.screen), () => tell({ type: "need-screen" }));

/** @param {any} message */
const tell = (message) => postMessage(message);

/** @type {Promise<void>} what is said before the spool is open waits for it */
let begun = Promise.resolve();

onmessage = async ({ data }) => {
  if (data.type === "start") begun = start(data);
  await begun;
  if (data.type === "facts") Object.assign(facts, data.facts);
  if (data.type === "frames") takeFrames(data.frames.getReader());
  if (data.type === "picture") await record(data.bitmap);
  if (data.type === "screen") screen.take(data.frames);
  if (data.type === "screen-picture") screen.draw(data.bitmap);
  if (data.type === "event") await add({ kind: data.kind, detail: data.detail ?? "" });
  if (data.type === "ticket" && data.turn === connector.turn) connect(data.grant);
  if (data.type === "no-ticket" && data.turn === connector.turn) connector.later();
  if (data.type === "hurry") hurry();
  if (data.type === "stop") stop();
};

/** @param {{ attempt: string, address: string, ahead: number }} plan */
async function start(plan) {
  address = plan.address;
  recall(plan.ahead);
  spool = await Spool.open(plan.attempt);
  link = new Link(spool, { opened, acknowledged, closed });
  connector.now();
  capture();
  setInterval(() => link.checkPulse(interval), PULSE);
}

/** @param {any} grant */
function connect(grant) {
  learn(grant.stream_time ?? grant.server_time, connector.askedAt);
  interval = grant.interval_ms;
  screen.pace(grant.screen_interval_ms);
  link.open(address, grant);
}

/** An open connection is given a moment to show that it still works; without one another is opened. */
function hurry() {
  if (connector.isOver) return;
  if (link.isOpen) return link.doubt();
  link.drop();
  connector.soon();
}

/** @param {number} wanted @param {import("./wire.js").Told} time */
function opened(wanted, time) {
  learn(time.stream, time.askedAt);
  followServer();
  interval = wanted;
  connector.done();
  tell({ type: "opened" });
  report();
}

/** What was sent before the server spoke bounds its clock from above, so that one that was set is followed at once. @param {number} wanted @param {import("./wire.js").Told} time */
function acknowledged(wanted, time) {
  if (time.askedAt) learn(time.stream, time.askedAt);
  else hear(time.stream);
  interval = wanted;
  seenAt = Math.round(serverNow());
  tell({ type: "heard", serverTime: time.server });
  report();
}

/** @param {number} code @param {boolean} mayReconnect */
function closed(code, mayReconnect) {
  report();
  if (mayReconnect) return connector.later();
  connector.stop();
  tell({ type: "ended", code });
}

async function capture() {
  const begun = performance.now();
  if (connector.isOver) return;
  if (frames) await fromFrames(frames);
  else tell({ type: "need-picture" });
  setTimeout(capture, Math.max(50, interval - (performance.now() - begun)));
}

/** A camera that was opened again has pictures of its own. @param {ReadableStreamDefaultReader<VideoFrame>} reader */
function takeFrames(reader) {
  frames?.cancel();
  frames = reader;
}

/** @param {ReadableStreamDefaultReader<VideoFrame>} reader */
async function fromFrames(reader) {
  const { value, done } = await reader.read();
  if (value) await record(value);
  if (done && frames === reader) frames = null;
}

/** @param {VideoFrame | ImageBitmap} picture */
async function record(picture) {
  const monotonic = Math.round(performance.now());
  const drawn = letterbox(picture, canvas);
  const { brightness, contrast } = light(picture);
  picture.close();
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.7 });
  tell({ type: "light", isBlocked: brightness < 10 || contrast < 4 });
  await add(withFacts(await blob.arrayBuffer(), { ...facts, monotonic_ms: monotonic, drawn }));
}

/** @param {ArrayBuffer | { kind: string, detail: string }} body @param {number} [track] */
async function add(body, track) {
  if (connector.isOver) return;
  if (body instanceof ArrayBuffer && spool.entries.size >= MOST_WAITING) dropped += 1;
  else link.release(await spool.add(recordTime(), body, link.claim(), track));
  if (link.isOpen) await link.flush();
  else report();
}

function report() {
  tell({ type: "state", isOpen: link.isOpen, waiting: spool.entries.size, dropped, seenAt, interval });
}

function stop() {
  connector.stop();
  screen.stop();
  link.close();
}
