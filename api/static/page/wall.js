// The wall of a slot: who is there, worst first, what just happened, and everything a proctor may do about it.

import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { t } from "../core/text.js";
import { both } from "../core/time.js";
import { inWords } from "../core/trouble.js";
import { acts } from "../wall/act.js";
import { AlertStrip } from "../wall/alert.js";
import { ordered } from "../wall/order.js";
import { Pane } from "../wall/pane.js";
import { tellButton } from "../wall/tell.js";
import { TileView } from "../wall/tile.js";

/** @typedef {import("../wall/order.js").Tile} Tile */

const slot = location.pathname.split("/")[2];
const LOOK = 1_000; // milliseconds between two looks at the whole wall
const MOST = 16; // pictures a look: a person may ask fifty times a second, and two cores have other things to do
const FILTERS = ["all", "waiting", "writing", "trouble"];

screen(
  async (main) => {
    const about = await get(`/api/reservations/slots/${slot}`);
    /** @type {HTMLElement} */ (main.querySelector("h1")).textContent = about.exam_title;
    document.title = `${about.exam_title} – ${t("wall.title")} – ProctorWise`;
    main.classList.add("wide");
    await new Wall(content(main), about).run();
  },
  { roles: ["proctor", "admin"] },
);

class Wall {
  /** @param {HTMLElement} place @param {any} about */
  constructor(place, about) {
    /** @type {Map<string, TileView>} */
    this.views = new Map();
    /** @type {Tile[]} */
    this.tiles = [];
    this.turn = 0;
    this.grid = h("ul", { class: "wall" });
    this.bulk = h("div", {});
    this.trouble = h("p", { role: "status" });
    this.pane = new Pane(() => this.look());
    this.alerts = new AlertStrip((tile) => this.pane.open(tile));
    this.filter = select("wall.filter", FILTERS, (value) => t(`wall.filters.${value}`), () => this.arrange());
    this.size = select("wall.view", ["4", "9", "16", "all"], (value) => (value === "all" ? t("wall.viewAll") : t("wall.viewMany", { count: Number(value) })), () => this.arrange());
    this.size.value = "9";
    fill(place, h("p", {}, t(Date.parse(about.starts_at) <= Date.now() ? "wall.slotBegan" : "wall.slotTime", { starts: both(about.starts_at) })), this.alerts.element, h("div", { class: "actions" }, this.filter, this.size), this.bulk, this.trouble, h("div", { class: "wall-panes" }, this.grid, this.pane.element));
  }

  async run() {
    await this.look();
    setInterval(() => this.look(), LOOK);
  }

  async look() {
    try {
      this.tiles = ordered(await everyTile(), this.tiles.map((tile) => tile.attempt_id));
      this.trouble.textContent = this.tiles.length ? "" : t("wall.nobody");
      this.arrange();
      this.alerts.show(this.tiles);
      const open = this.tiles.find((tile) => tile.attempt_id === this.pane.tile?.attempt_id);
      if (open && open.phase !== this.pane.tile?.phase) this.pane.open(open);
      await Promise.all([this.pane.refresh(), ...this.due().map((view) => view.refresh())]);
    } catch (error) {
      this.trouble.textContent = inWords(error);
      for (const view of this.views.values()) view.tell();
    }
  }

  /** Put the tiles in order; nothing moves that need not. */
  arrange() {
    const elements = this.shown().map((tile) => {
      const view = this.view(tile);
      view.show(tile);
      return view.element;
    });
    this.grid.dataset.view = this.size.value;
    const isSame = elements.length === this.grid.children.length && elements.every((element, place) => this.grid.children[place] === element);
    if (!isSame) this.grid.replaceChildren(...elements);
    this.showBulk();
  }

  shown() {
    const fitting = this.tiles.filter((tile) => fits(tile, this.filter.value));
    return this.size.value === "all" ? fitting : fitting.slice(0, Number(this.size.value));
  }

  /** The tiles in sight whose turn it is; on a large wall they take turns, and each says how old its picture is. */
  due() {
    const views = this.shown().map((tile) => this.view(tile));
    const inSight = views.filter(({ element }) => element.getBoundingClientRect().bottom > 0 && element.getBoundingClientRect().top < innerHeight);
    for (const view of views) view.tell();
    if (inSight.length <= MOST) return inSight;
    this.turn = (this.turn + MOST) % inSight.length;
    return [...inSight, ...inSight].slice(this.turn, this.turn + MOST);
  }

  /** @param {Tile} tile */
  view(tile) {
    const present = this.views.get(tile.attempt_id);
    if (present) return present;
    const made = new TileView(tile, { opened: () => this.pane.open(made.tile), picked: () => this.showBulk(true) });
    this.views.set(tile.attempt_id, made);
    return made;
  }

  showBulk(isFresh = false) {
    const picked = this.tiles.filter((tile) => this.views.get(tile.attempt_id)?.pick.checked);
    const key = picked.map((tile) => `${tile.attempt_id}${tile.phase}`).join();
    if (!isFresh && key === this.bulk.dataset.key) return;
    this.bulk.dataset.key = key;
    fill(this.bulk, picked.length ? [h("p", {}, t("wall.picked", { count: picked.length })), tellButton(picked, () => this.look()), acts(picked, () => this.look())] : []);
  }
}

/** @returns {Promise<Tile[]>} */
async function everyTile() {
  /** @type {Tile[]} */
  let tiles = [];
  let cursor = "";
  do {
    const page = await get(`/api/monitoring/wall?slot_id=${slot}&limit=200${cursor}`);
    tiles = [...tiles, ...page.items];
    cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : "";
  } while (cursor);
  return tiles;
}

/** @param {Tile} tile @param {string} filter */
function fits(tile, filter) {
  if (filter === "waiting") return tile.phase === "awaiting_admission";
  if (filter === "writing") return tile.phase === "in_progress";
  if (filter === "trouble") return tile.risk > 0 || (tile.health !== null && !tile.health.is_healthy);
  return true;
}

/** @param {string} label @param {string[]} values @param {(value: string) => string} words @param {() => void} changed */
function select(label, values, words, changed) {
  return h("select", { "aria-label": t(label), onChange: changed }, values.map((value) => h("option", { value }, words(value))));
}
