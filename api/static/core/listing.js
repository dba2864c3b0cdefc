// Lists that come page by page: loading, empty, failed and full all look like something.

import { fill, h } from "./dom.js";
import { firstStop, isLost, land } from "./focus.js";
import { get } from "./http.js";
import { t } from "./text.js";
import { troubleNotice } from "./trouble.js";

/**
 * @template Item
 * @typedef {object} Listing
 * @property {string} path of the interface; answers `items` and `next_cursor`
 * @property {(item: Item) => HTMLElement} row
 * @property {HTMLElement} list takes the rows: a `ul`, an `ol` or a `tbody`
 * @property {() => HTMLElement} empty what is shown instead of an empty list
 * @property {HTMLElement} [whole] what holds the list, a table say; the list itself without it
 * @property {() => void} [shown] called once the first page is there
 */

/**
 * @template Item
 * @param {Listing<Item>} listing
 * @returns {HTMLElement}
 */
export function listing(listing) {
  const whole = listing.whole ?? listing.list;
  const foot = h("div", { class: "actions" });
  const element = h("div", {}, h("p", { class: "quiet" }, t("shared.loading")));
  /** @param {string | null} cursor @param {boolean} [isFirst] */
  const more = async (cursor, isFirst = !cursor) => {
    try {
      const page = await get(cursor ? withCursor(listing.path, cursor) : listing.path);
      const rows = page.items.map(listing.row);
      listing.list.append(...rows);
      // A page that is filtered on its way may be empty although others follow.
      if (!page.items.length && page.next_cursor) return void (await more(page.next_cursor, isFirst));
      if (isFirst) fill(element, page.items.length ? [whole, foot] : listing.empty());
      fill(foot, page.next_cursor && h("button", { type: "button", onClick: () => more(page.next_cursor) }, t("shared.more")));
      if (isFirst) listing.shown?.();
      else if (isLost() && rows.length) land(firstStop(rows[0])); // the button is gone; what it brought is next
    } catch (error) {
      fill(isFirst ? element : foot, troubleNotice(error, () => more(cursor, isFirst)));
    }
  };
  more(null);
  return element;
}

/** @param {string} path @param {string} cursor */
function withCursor(path, cursor) {
  return `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
}
