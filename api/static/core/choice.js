// What this device remembers of how a person likes the screens.

const YEAR = 31_536_000;

/**
 * @param {"language" | "theme"} name
 * @param {string} value empty for what the device prefers
 */
export function choose(name, value) {
  const age = value ? YEAR : 0;
  document.cookie = `pw_${name}=${value}; Path=/; Max-Age=${age}; SameSite=Strict`;
}

/**
 * @param {"language" | "theme"} name
 * @returns {string}
 */
export function chosen(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`pw_${name}=`));
  return found ? found.slice(name.length + 4) : "";
}
