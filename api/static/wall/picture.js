// Pictures that only those who watch may fetch.

import { fetched, Problem } from "../core/http.js";

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
 * Show a picture in place of the one before, which is let go.
 * @param {HTMLImageElement} image
 * @param {string} address
 */
export function show(image, address) {
  const before = image.src;
  image.src = address;
  if (before) URL.revokeObjectURL(before);
}
