// Which tiles are shown: a filter, how many at once, and the page of them.

import { fill, h } from "../core/dom.js";
import { remembered } from "../core/focus.js";
import { t } from "../core/text.js";
import { fits, FILTERS } from "./order.js";

/** @typedef {import("./order.js").Tile} Tile */

const SIZES = ["4", "9", "16", "all"];

export class ViewBar {
  /** @param {() => void} changed */
  constructor(changed) {
    this.page = 0;
    const anew = () => {
      this.page = 0;
      changed();
    };
    /** @param {number} by */
    const turn = (by) => () => {
      this.page += by;
      changed();
    };
    this.filter = select("wall.filter", FILTERS, (value) => t(`wall.filters.${value}`), anew);
    this.size = select("wall.view", SIZES, (value) => (value === "all" ? t("wall.viewAll") : t("wall.viewMany", { count: Number(value) })), anew);
    this.size.value = "9";
    this.back = h("button", { type: "button", onClick: turn(-1) }, t("wall.pageBack"));
    this.on = h("button", { type: "button", onClick: turn(1) }, t("wall.pageOn"));
    this.place = h("p", { class: "quiet" });
    this.element = h("div", { class: "actions" }, h("label", {}, t("wall.filter"), " ", this.filter), h("label", {}, t("wall.view"), " ", this.size));
    this.pages = h("nav", { class: "actions", "aria-label": t("wall.pages") }, this.back, this.place, this.on);
  }

  /** The tiles of this view. @param {Tile[]} tiles @returns {Tile[]} */
  shown(tiles) {
    const fitting = tiles.filter((tile) => fits(tile, this.filter.value));
    const size = this.size.value === "all" ? Math.max(1, fitting.length) : Number(this.size.value);
    const pages = Math.max(1, Math.ceil(fitting.length / size));
    this.page = Math.min(Math.max(0, this.page), pages - 1);
    const from = this.page * size;
    const some = fitting.slice(from, from + size);
    const back = remembered(this.pages, () => this.filter);
    this.pages.hidden = pages === 1;
    this.back.disabled = this.page === 0;
    this.on.disabled = this.page === pages - 1;
    back();
    fill(this.place, t("wall.pagePlace", { from: from + 1, to: from + some.length, total: fitting.length }));
    return some;
  }
}

/** @param {string} label @param {string[]} values @param {(value: string) => string} words @param {() => void} changed */
function select(label, values, words, changed) {
  return h("select", { "aria-label": t(label), onChange: changed }, values.map((value) => h("option", { value }, words(value))));
}
