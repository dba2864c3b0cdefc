// The person's own camera: opening it, taking a picture, and what a small grey copy tells about the light.

/** Facts.md's webcam size; a low rate spares the battery, one picture a second is used. */
const WANTED = { video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 5, max: 10 } }, audio: false };

/** @returns {Promise<MediaStream>} raises DOMException, named by the Media Capture standard */
export function openCamera() {
  return navigator.mediaDevices.getUserMedia(WANTED);
}

/** Names of the Media Capture and Streams standard, section 10.2. @type {Record<string, string>} */
const REASONS = {
  NotAllowedError: "cameraRefused",
  SecurityError: "cameraRefused",
  NotFoundError: "cameraNone",
  OverconstrainedError: "cameraNone",
  NotReadableError: "cameraBusy",
};

/**
 * Why a camera did not open, as a word that screens have a text for.
 * @param {unknown} error
 */
export function reasonOf(error) {
  return REASONS[error instanceof DOMException ? error.name : ""] ?? "cameraBroken";
}

/** @param {MediaStream} stream */
export function closeCamera(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/**
 * The present picture as JPEG.
 * @param {HTMLVideoElement} video
 * @param {number} [quality]
 * @returns {Promise<Blob>}
 */
export function takePicture(video, quality = 0.9) {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  context(canvas).drawImage(video, 0, 0);
  return canvas.convertToBlob({ type: "image/jpeg", quality });
}

/**
 * Mean and spread of the light of a small grey copy, 0 to 255.
 * @param {CanvasImageSource} picture
 * @returns {{ brightness: number, contrast: number }}
 */
export function light(picture) {
  const canvas = new OffscreenCanvas(40, 30);
  const drawn = context(canvas);
  drawn.drawImage(picture, 0, 0, 40, 30);
  const { data } = drawn.getImageData(0, 0, 40, 30);
  const greys = Array.from({ length: data.length / 4 }, (_, place) => (data[4 * place] + data[4 * place + 1] + data[4 * place + 2]) / 3);
  const brightness = greys.reduce((sum, grey) => sum + grey, 0) / greys.length;
  const variance = greys.reduce((sum, grey) => sum + (grey - brightness) ** 2, 0) / greys.length;
  return { brightness, contrast: Math.sqrt(variance) };
}

/** @param {OffscreenCanvas} canvas */
function context(canvas) {
  const found = canvas.getContext("2d", { willReadFrequently: true });
  if (!found) throw new Error("this browser cannot draw pictures");
  return found;
}
