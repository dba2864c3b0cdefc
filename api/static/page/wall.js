// The wall of a slot: who is there, worst first, what just happened, and everything a proctor may do about it.

import { fill, h } from "../core/dom.js";
import { rearrange } from "../core/focus.js";
import { get } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { serverNow } from "../core/server-clock.js";
import { t } from "../core/text.js";
import { both } from "../core/time.js";
import { inWords } from "../core/trouble.js";
import { actAs, takeUp } from "../wall/act.js";
import { AlertStrip } from "../wall/alert.js";
import { Bulk } from "../wall/bulk.js";
import { Calls } from "../wall/call.js";
import { listen } from "../wall/keys.js";
import { ordered } from "../wall/order.js";
import { Pane } from "../wall/pane.js";
import { Selection } from "../wall/selection.js";
import { TileView } from "../wall/tile.js";
import { ViewBar } from "../wall/view-bar.js";

/** @typedef {import("../wall/order.js").Tile} Tile */

const slot = location.pathname.split("/")[2];
const LOOK = 1_000; // milliseconds between two looks at the whole wall
const MOST = 16; // pictures a look: a person may ask fifty times a second, and two cores have other things to do

screen(
  async (main, me) => {
    const about = await get(`/api/reservations/slots/${slot}`);
    /** @type {HTMLElement} */ (main.querySelector("h1")).textContent = about.exam_title;
    document.title = `${about.exam_title} – ${t("wall.title")} – ProctorWise`;
    main.classList.add("wide");
    actAs(me.roles);
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
    this.isLooking = false;
    this.isShowing = false;
    this.calls = new Calls();
    this.grid = h("ul", { class: "wall", "aria-label": t("wall.tiles") });
    this.about = about;
    this.when = h("p", {});
    this.trouble = h("p", { role: "status" });
    this.bar = new ViewBar(() => this.arrange());
    this.selection = new Selection(() => this.arrange());
    this.bulk = new Bulk(this.selection, () => this.look());
    this.pane = new Pane(() => this.look(), (attempt) => this.views.get(attempt)?.name.focus());
    this.alerts = new AlertStrip(slot, (attempt) => this.open(attempt));
    const all = () => this.selection.add(this.shown().map((tile) => tile.attempt_id));
    listen(this.grid, () => this.shown().map((tile) => this.view(tile)), { all, none: () => this.selection.clear() });
    const help = h("details", {}, h("summary", {}, t("wall.keys")), h("p", {}, t("wall.keysText")));
    fill(place, h("div", { class: "wall-tools" }, this.when, this.alerts.choice), this.alerts.element, h("div", { class: "wall-tools" }, this.bar.element, this.bulk.choose), this.bulk.element, this.trouble, h("div", { class: "wall-panes" }, h("div", {}, this.grid, this.bar.pages, help), this.pane.element));
  }

  async run() {
    await this.look();
    setInterval(() => this.look(), LOOK);
    takeUp(this.about.exam_id, this.tiles, () => this.look()).catch((error) => {
      this.trouble.textContent = inWords(error);
    });
  }

  /** Tiles and alerts; pictures come by themselves, so that slow ones keep no alert waiting. */
  async look() {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      const [tiles, alerts] = await Promise.all([everyTile(this.bar.filter.value), this.alerts.look()]);
      const told = tiles.map((tile) => ({ ...tile, alerts: alerts.get(tile.attempt_id) ?? 0 }));
      this.tiles = ordered(told, this.tiles.map((tile) => tile.attempt_id));
      this.trouble.textContent = this.tiles.length ? "" : t(this.bar.filter.value === "done" ? "wall.nobodyDone" : "wall.nobody");
      this.calls.hear(this.tiles);
      this.arrange();
      const open = this.tiles.find((tile) => tile.attempt_id === this.pane.tile?.attempt_id);
      if (open) this.pane.update(open);
      this.showPictures();
    } catch (error) {
      this.trouble.textContent = inWords(error);
    }
    this.isLooking = false;
    this.tellTime();
    for (const view of this.views.values()) view.tell(Math.ceil(this.views.size / MOST));
  }

  async showPictures() {
    if (this.isShowing) return;
    this.isShowing = true;
    try {
      await Promise.all([this.pane.refresh(), ...this.due().map((view) => view.refresh())]);
    } catch (error) {
      this.trouble.textContent = inWords(error);
    }
    this.isShowing = false;
  }

  /** @param {string} attempt */
  open(attempt) {
    const tile = this.tiles.find((one) => one.attempt_id === attempt);
    if (tile) this.pane.open(tile);
  }

  tellTime() {
    const { starts_at: starts } = this.about;
    this.when.textContent = t(Date.parse(starts) <= serverNow() ? "wall.slotBegan" : "wall.slotTime", { starts: both(starts) });
  }

  /** Put the tiles in order; nothing moves that need not, and nothing loses the focus. */
  arrange() {
    const views = this.shown().map((tile) => {
      const view = this.view(tile);
      view.show(tile, this.selection.has(tile.attempt_id));
      return view;
    });
    this.grid.dataset.view = layoutFor(views.length);
    rearrange(this.grid, views.map((view) => view.element));
    this.bulk.show(this.shown(), this.tiles);
  }

  shown() {
    return this.bar.shown(this.tiles);
  }

  /** The tiles in sight whose turn it is; on a large wall they take turns, and each says how old its picture is. */
  due() {
    const views = this.shown().map((tile) => this.view(tile));
    const inSight = views.filter(({ element }) => element.getBoundingClientRect().bottom > 0 && element.getBoundingClientRect().top < innerHeight);
    if (inSight.length <= MOST) return inSight;
    this.turn = (this.turn + MOST) % inSight.length;
    return [...inSight, ...inSight].slice(this.turn, this.turn + MOST);
  }

  /** @param {Tile} tile */
  view(tile) {
    const present = this.views.get(tile.attempt_id);
    if (present) return present;
    const made = new TileView(tile, {
      opened: () => this.pane.open(made.tile),
      picked: (isChosen, isRange) => this.selection.set(tile.attempt_id, isChosen, isRange, this.shown().map((one) => one.attempt_id)),
    });
    this.views.set(tile.attempt_id, made);
    return made;
  }
}

/** As large as their number allows. @param {number} count */
function layoutFor(count) {
  return ["4", "9", "16"].find((size) => count <= Number(size)) ?? "all";
}

/** @returns {Promise<Tile[]>} */
/** @param {string} filter who has handed in is asked for only by those who want to see it */
async function everyTile(filter) {
  /** @type {Tile[]} */
  let tiles = [];
  let cursor = "";
  do {
    const page = await get(`/api/monitoring/wall?slot_id=${slot}&limit=200${filter === "done" ? "&phase=submitted" : ""}${cursor}`);
    tiles = [...tiles, ...page.items];
    cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : "";
  } while (cursor);
  return tiles;
}
