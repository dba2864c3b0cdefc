// In the worker: a picture of the shared screen every few seconds, whether it changes or not, small enough to be sent and large enough to be read.

const [WIDTH, HEIGHT] = [1280, 720]; // at most
const QUALITIES = [0.6, 0.4, 0.25];
const MOST_BYTES = 180_000; // below the server's limit (docs/stream.md)

export class ScreenFilm {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #interval = 0;
  /** @type {ReadableStreamDefaultReader<VideoFrame> | null} */
  #reader = null;
  #isShared = false;
  #isDrawn = false;
  #isRecording = false;
  #canvas = new OffscreenCanvas(WIDTH, HEIGHT);

  /**
   * @param {(jpeg: ArrayBuffer) => Promise<void>} taken
   * @param {() => void} need asks the page for a picture, where the browser hands out none by itself
   */
  constructor(taken, need) {
    this.taken = taken;
    this.need = need;
  }

  /** How often; nothing is taken where the exam does not ask. @param {number | null | undefined} interval milliseconds */
  pace(interval) {
    if ((interval ?? 0) === this.#interval) return;
    this.#interval = interval ?? 0;
    clearInterval(this.#timer);
    if (this.#interval) this.#timer = setInterval(() => void this.#record(), this.#interval);
  }

  /** Another sharing, or none any more. @param {ReadableStream<VideoFrame> | null | undefined} frames undefined: the page brings pictures */
  take(frames) {
    this.#reader?.cancel();
    this.#isShared = frames !== null;
    this.#isDrawn = false;
    this.#reader = frames?.getReader() ?? null;
    if (this.#reader) void this.#follow(this.#reader);
    else if (this.#isShared) this.need();
  }

  /** @param {VideoFrame | ImageBitmap} picture closed here */
  draw(picture) {
    const [width, height] = "displayWidth" in picture ? [picture.displayWidth, picture.displayHeight] : [picture.width, picture.height];
    const scale = Math.min(1, WIDTH / width, HEIGHT / height);
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    this.#canvas.getContext("2d")?.drawImage(picture, 0, 0, this.#canvas.width, this.#canvas.height);
    picture.close();
    if (!this.#isDrawn) {
      this.#isDrawn = true;
      void this.#record(); // the first one at once: it is what says that the screen is shared
    }
  }

  stop() {
    clearInterval(this.#timer);
    this.take(null);
  }

  /** A screen that stands still has no new pictures: the last one is what it shows. @param {ReadableStreamDefaultReader<VideoFrame>} reader */
  async #follow(reader) {
    for (;;) {
      const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }));
      if (value) this.draw(value);
      if (done || this.#reader !== reader) return;
    }
  }

  async #record() {
    if (!this.#isShared || !this.#interval || this.#isRecording) return;
    if (!this.#reader) this.need();
    if (!this.#isDrawn) return;
    this.#isRecording = true;
    try {
      const jpeg = await this.#coded();
      if (jpeg && this.#isShared) await this.taken(jpeg);
    } finally {
      this.#isRecording = false;
    }
  }

  /** As good as the server's limit allows. */
  async #coded() {
    for (const quality of QUALITIES) {
      const blob = await this.#canvas.convertToBlob({ type: "image/jpeg", quality });
      if (blob.size <= MOST_BYTES) return blob.arrayBuffer();
    }
    return null;
  }
}
