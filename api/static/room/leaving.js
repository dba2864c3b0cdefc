// Tells when the page may go: it is hidden, closed, left or frozen, and nobody says whether it comes back.

/**
 * @param {() => void} leave
 * @returns {() => void} stops
 */
export function leaving(leave) {
  const hidden = () => document.hidden && leave();
  /** @type {[EventTarget, string, () => void][]} */
  const told = [
    [window, "pagehide", leave],
    [document, "visibilitychange", hidden],
    [document, "freeze", leave],
  ];
  for (const [place, name, heard] of told) place.addEventListener(name, heard);
  return () => {
    for (const [place, name, heard] of told) place.removeEventListener(name, heard);
  };
}
