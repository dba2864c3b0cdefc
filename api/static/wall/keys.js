// The wall by keyboard: arrows from tile to tile, X chooses, Control and A chooses all that are shown, Escape lets go.

/** @typedef {{ element: HTMLElement, name: HTMLElement, pick: HTMLInputElement }} Stop */

/**
 * @param {HTMLElement} grid
 * @param {() => Stop[]} stops the tiles as they stand
 * @param {{ all: () => void, none: () => void }} choose
 */
export function listen(grid, stops, choose) {
  grid.addEventListener("keydown", (event) => {
    const tiles = stops();
    const at = tiles.findIndex((tile) => tile.element.contains(document.activeElement));
    const to = at < 0 ? -1 : target(event.key, at, tiles);
    if (to >= 0 && !event.ctrlKey && !event.metaKey && !event.altKey) tiles[to]?.name.focus();
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) choose.all();
    else if (event.key === "x" && at >= 0) tiles[at].pick.click();
    else if (event.key === "Escape") choose.none();
    else return;
    event.preventDefault();
  });
}

/** @param {string} key @param {number} at @param {Stop[]} tiles @returns {number} -1 for keys that lead nowhere */
function target(key, at, tiles) {
  const columns = inRow(tiles);
  const steps = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns });
  if (key === "Home") return 0;
  if (key === "End") return tiles.length - 1;
  if (!(key in steps)) return -1;
  return Math.min(Math.max(0, at + steps[key]), tiles.length - 1);
}

/** How many stand beside each other. @param {Stop[]} tiles */
function inRow(tiles) {
  const top = tiles[0]?.element.offsetTop;
  const below = tiles.findIndex((tile) => tile.element.offsetTop !== top);
  return below < 0 ? tiles.length : below;
}
