// What the detector sees of the person and they can mend, said kindly while it lasts: no face, no light, somebody else.
// A covered or stopped camera is noticed on this device, sooner than by anybody else.

import { get, isPassing } from "../core/http.js";
import { has, t } from "../core/text.js";

const PAUSE = 4_000;
const PATIENCE = 10_000;
const UNSEEN = "face_absent";

/**
 * @param {string} id the attempt
 * @param {import("./note.js").Notes} notes
 * @param {(isUnseen: boolean) => void} seen whether the face is not seen
 * @returns {() => void} stops looking
 */
export function sight(id, notes, seen) {
  /** @type {Set<string>} */
  let told = new Set();
  let isOver = false;
  const look = async () => {
    const now = await kinds(id);
    if (now && !isOver) {
      for (const kind of now) if (!told.has(kind)) notes.tell(`sight-${kind}`, t(`room.toMend.${kind}`));
      for (const kind of told) if (!now.has(kind)) notes.withdraw(`sight-${kind}`);
      told = now;
      seen(now.has(UNSEEN));
    }
    if (!isOver) setTimeout(look, PAUSE);
  };
  look();
  return () => {
    isOver = true;
  };
}

/** @param {string} id @returns {Promise<Set<string> | null>} null while nobody can say, as before the first picture */
async function kinds(id) {
  try {
    const presence = await get(`/api/monitoring/attempts/${id}/presence?if_any=true`, { signal: AbortSignal.timeout(PATIENCE) });
    return presence && new Set(presence.to_mend.filter((/** @type {string} */ kind) => has(`room.toMend.${kind}`)));
  } catch (error) {
    if (isPassing(error)) return null;
    throw error;
  }
}
