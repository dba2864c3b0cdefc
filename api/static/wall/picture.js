// Pictures that only those who watch may fetch.

import { fetched, Problem } from "../core/http.js";

/**
 * The newest picture and when it was taken.
 * @param {string} path
 * @returns {Promise<{ address: string, at: string } | null>} null where there is none
 */
export async function livePicture(path) {
  try {
    const response = await fetched("GET", path);
    if (response.status === 204) return null;
    return { at: response.headers.get("X-Captured-At") ?? "", address: URL.createObjectURL(await response.blob()) };
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/**
 * An address for an `img`; whoever shows it revokes it.
 * @param {string} path
 * @returns {Promise<string>} empty where there is none
 */
export async function picture(path) {
  try {
    return URL.createObjectURL(await (await fetched("GET", path)).blob());
  } catch (error) {
    if (error instanceof Problem) return "";
    throw error;
  }
}

/**
 * A picture to draw on.
 * @param {string} path
 * @returns {Promise<ImageBitmap | null>} null where there is none
 */
export async function bitmap(path) {
  try {
    return await createImageBitmap(await (await fetched("GET", path)).blob());
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/**
 * Show a picture in place of the one before, which is let go.
 * @param {HTMLImageElement} image
 * @param {string} address
 */
export function show(image, address) {
  const before = image.src;
  image.src = address;
  if (before) URL.revokeObjectURL(before);
}
