// Boxes around what the detector saw: drawn on demand, over all pictures that belong together at once.

/** @typedef {{ label: string, left: number, top: number, right: number, bottom: number, score: number }} Box */

export class Boxes {
  isShown = false;
  /** @type {(() => void)[]} */
  #followers = [];

  /** @param {() => void} draw called whenever boxes come or go */
  follow(draw) {
    this.#followers.push(draw);
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.isShown = isShown;
    for (const draw of this.#followers) draw();
  }
}

/**
 * A picture, with its boxes where they are wanted.
 * @param {HTMLCanvasElement} canvas
 * @param {ImageBitmap} bitmap
 * @param {Box[]} boxes fractions of the picture's width and height
 */
export function draw(canvas, bitmap, boxes) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  pen.drawImage(bitmap, 0, 0);
  pen.lineWidth = 3;
  pen.font = "600 16px system-ui, sans-serif";
  for (const { label, left, top, right, bottom, score } of boxes) {
    const [x, y] = [left * canvas.width, top * canvas.height];
    pen.strokeStyle = "#ffc400";
    pen.strokeRect(x, y, (right - left) * canvas.width, (bottom - top) * canvas.height);
    const words = `${label} ${Math.round(score * 100)} %`;
    pen.fillStyle = "#000";
    pen.fillRect(x, y, pen.measureText(words).width + 8, 22);
    pen.fillStyle = "#ffc400";
    pen.fillText(words, x + 4, y + 16);
  }
}
