// Tells when this device may have slept, come back, or changed its network: whatever was known a moment ago may be old.

const BEAT = 1_000;
const MISSED = 4_000; // milliseconds that a page which was asleep or frozen did not count
const SET = 2_000; // by which the two clocks of a device part when it slept or when its clock was set

/**
 * @param {() => void} woke
 * @returns {() => void} stops
 */
export function wake(woke) {
  let beatAt = performance.now();
  let apart = Date.now() - beatAt;
  const beat = setInterval(() => {
    const now = performance.now();
    const isLate = now - beatAt > MISSED || Math.abs(Date.now() - now - apart) > SET;
    beatAt = now;
    apart = Date.now() - now;
    if (isLate) woke();
  }, BEAT);
  const shown = () => document.hidden || woke();
  /** @type {[EventTarget | undefined, string, () => void][]} */
  const told = [
    [window, "online", woke],
    [window, "pageshow", woke],
    [document, "visibilitychange", shown],
    [document, "resume", woke],
    [/** @type {any} */ (navigator).connection, "change", woke],
  ];
  for (const [place, name, heard] of told) place?.addEventListener(name, heard);
  return () => {
    clearInterval(beat);
    for (const [place, name, heard] of told) place?.removeEventListener(name, heard);
  };
}
