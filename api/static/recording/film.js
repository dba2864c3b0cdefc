// An attempt's frames: their times come in one answer, the pictures in parts of a megabyte, fetched and decoded as they are needed.

import { fetched, get } from "../core/http.js";

/** @typedef {{ offset: string, captured_at: string, part: number, at: number }} Frame `at` in milliseconds since 1970 */
/** @typedef {{ after: string, limit: number, size: number }} Part */

const KEPT = 16; // parts, some twenty megabytes
const HEAD = 53; // bytes of a record before its JPEG: docs/stream.md, Recordings

export class Film {
  /** @type {Map<number, Promise<Map<string, Blob>>>} */
  #parts = new Map();

  /** @param {string} path of the recording @param {string} track @param {Frame[]} frames in the order of their times @param {Part[]} parts @param {string | null} video where it can be downloaded */
  constructor(path, track, frames, parts, video) {
    this.track = track;
    this.path = path;
    this.video = video;
    this.frames = frames;
    this.parts = parts;
    this.begin = frames.length ? frames[0].at : 0;
    this.end = frames.length ? frames[frames.length - 1].at : 0;
  }

  /** The place of the picture that stands at a moment: the last one before it. @param {number} at */
  placeAt(at) {
    let [low, high] = [0, this.frames.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.frames[middle].at <= at) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** The picture, decoded; null for one that is damaged. Raises Problem, Unreachable. @param {Frame} frame */
  async picture(frame) {
    const found = (await this.#load(frame.part)).get(frame.offset);
    return found ? createImageBitmap(found).catch(() => null) : null;
  }

  /** From which distance on pictures are missing: three of the usual ones, and never less than this. @param {number} least milliseconds */
  gap(least) {
    const gaps = this.frames.slice(1).map((frame, place) => frame.at - this.frames[place].at);
    const usual = gaps.sort((one, other) => one - other)[gaps.length >> 1] ?? 0;
    return Math.max(least, 3 * usual);
  }

  /** Fetch what is played next, while there is time. @param {Frame} frame */
  prepare(frame) {
    if (frame.part + 1 < this.parts.length) this.#load(frame.part + 1).catch(() => undefined);
  }

  /** @param {number} place */
  #load(place) {
    const known = this.#parts.get(place);
    this.#parts.delete(place);
    const part = known ?? this.#fetch(place);
    this.#parts.set(place, part); // the latest one comes last
    for (const oldest of this.#parts.keys()) if (this.#parts.size > KEPT) this.#parts.delete(oldest);
    return part;
  }

  /** @param {number} place */
  #fetch(place) {
    const { after, limit } = this.parts[place];
    const coming = fetched("GET", `${this.path}/pictures?after=${after}&limit=${limit}&track=${this.track}`).then(async (answer) => picturesOf(await answer.arrayBuffer()));
    coming.catch(() => this.#parts.delete(place)); // so that it is asked for again
    return coming;
  }
}

/** All that a track of an attempt recorded. @param {string} attempt @param {"camera" | "screen"} [track] */
export async function loadFilm(attempt, track = "camera") {
  const path = `/api/monitoring/attempts/${attempt}/recording`;
  /** @type {Frame[]} */
  const frames = [];
  /** @type {Part[]} */
  const parts = [];
  let query = "";
  for (;;) {
    const page = await get(`${path}?track=${track}${query}`);
    for (const frame of page.frames) frames.push({ ...frame, part: frame.part + parts.length, at: Date.parse(frame.captured_at) });
    parts.push(...page.parts);
    if (!page.next_since) return new Film(path, track, frames, parts, page.video);
    query = `&since=${encodeURIComponent(page.next_since)}`;
  }
}

/** JPEGs by offset out of records that stand one after the other. @param {ArrayBuffer} data */
export function picturesOf(data) {
  const view = new DataView(data);
  /** @type {Map<string, Blob>} */
  const found = new Map();
  for (let position = 0; position + HEAD <= data.byteLength; ) {
    const [size, offset] = [view.getUint32(position + 4), view.getBigUint64(position + 8)];
    const body = position + HEAD;
    found.set(String(offset), new Blob([data.slice(body, body + size)], { type: "image/jpeg" }));
    position = body + size;
  }
  return found;
}
