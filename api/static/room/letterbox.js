// A camera's picture on a canvas of another shape: as large as it can be, with black bars, and never squeezed.

/**
 * @param {VideoFrame | ImageBitmap} picture
 * @param {OffscreenCanvas} canvas
 * @returns {[number, number]} width and height of the picture between its bars
 */
export function letterbox(picture, canvas) {
  const [width, height] = sizeOf(picture);
  const scale = Math.min(canvas.width / width, canvas.height / height);
  const drawn = /** @type {[number, number]} */ ([Math.round(width * scale), Math.round(height * scale)]);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  if (drawn[0] < canvas.width || drawn[1] < canvas.height) pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, Math.floor((canvas.width - drawn[0]) / 2), Math.floor((canvas.height - drawn[1]) / 2), ...drawn);
  return drawn;
}

/** As it is to be seen: a camera that is turned turns its pictures. @param {VideoFrame | ImageBitmap} picture @returns {[number, number]} */
function sizeOf(picture) {
  return "displayWidth" in picture ? [picture.displayWidth, picture.displayHeight] : [picture.width, picture.height];
}
