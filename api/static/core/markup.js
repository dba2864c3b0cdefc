// Texts of authors: HTML that the server has cleaned, shown without running anything.

/**
 * @param {string} html cleaned by the server (api/markup.py)
 * @returns {Node[]}
 */
export function rich(html) {
  // A parsed document is inert: its scripts do not run, and the page's policy would refuse them too.
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
}
