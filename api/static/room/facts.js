// What helps to trust a picture: the camera's track as it is, a hash of its label, whether the page is seen, and on one screen or more.

/** Cameras that are programs, by the labels they give themselves. */
const VIRTUAL = /virtual|obs[- ]|manycam|xsplit|vcam|snap camera|splitcam|droidcam|iriun|epoccam|ivcam|camtwist|chromacam|mmhmm|v4l2 ?loopback|dummy video|youcam|webcamoid|fake_device/i;

/**
 * Of the camera that was opened. Its label stays on the device: a hash of it, another one for each attempt, tells two cameras apart.
 * @param {string} attempt
 * @param {MediaStream} stream
 */
export async function cameraFacts(attempt, stream) {
  const [track] = stream.getVideoTracks();
  const { width, height, frameRate, facingMode } = track.getSettings();
  const settings = { width, height, frame_rate: frameRate, facing_mode: facingMode };
  return { track: settings, device: await hashed(`${attempt} ${track.label}`), is_virtual: VIRTUAL.test(track.label) };
}

/** Of the page as it is now; only some browsers know of a second screen. */
export function pageFacts() {
  const extended = /** @type {any} */ (screen).isExtended;
  return { is_visible: document.visibilityState === "visible", is_extended: typeof extended === "boolean" ? extended : undefined };
}

/** @param {string} text @returns {Promise<string>} 16 hexadecimal digits */
async function hashed(text) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...digest.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
