// The bar of those who are chosen: how many, what may be done to them, and quick ways to choose.

import { fill, h } from "../core/dom.js";
import { remembered } from "../core/focus.js";
import { t } from "../core/text.js";
import { acts } from "./act.js";
import { tellButton } from "./tell.js";

/** @typedef {import("./order.js").Tile} Tile */
/** @typedef {import("./selection.js").Selection} Selection */

export class Bulk {
  /** @param {Selection} selection @param {() => void} done */
  constructor(selection, done) {
    this.selection = selection;
    this.done = done;
    this.state = "";
    this.count = h("p", { role: "status" });
    this.running = h("div", {});
    this.shown = h("button", { type: "button", onClick: () => selection.add(this.inView.map((tile) => tile.attempt_id)) }, t("wall.pickShown"));
    this.waiting = h("button", { type: "button", onClick: () => selection.add(this.everybody.filter(waits).map((tile) => tile.attempt_id)) });
    this.none = h("button", { type: "button", onClick: () => selection.clear() }, t("wall.pickNone"));
    this.choose = h("div", { class: "actions" }, this.shown, this.waiting, this.none, this.count);
    this.acts = h("div", { class: "actions" });
    this.element = h("section", { class: "bulk", "aria-label": t("wall.several") }, this.acts, this.running);
    /** @type {Tile[]} */
    this.inView = [];
    /** @type {Tile[]} */
    this.everybody = [];
    /** @type {import("./progress.js").Progress | null} */
    this.progress = null;
    document.addEventListener("wall-progress", (event) => this.follow(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {Tile[]} inView @param {Tile[]} everybody */
  show(inView, everybody) {
    [this.inView, this.everybody] = [inView, everybody];
    const chosen = this.selection.of(everybody);
    const waiting = everybody.filter(waits).length;
    const state = [waiting, ...chosen.map((tile) => `${tile.attempt_id}${tile.phase}`)].join();
    if (state === this.state) return;
    this.state = state;
    const back = [remembered(this.choose, () => this.shown), remembered(this.acts, () => this.home())];
    this.waiting.textContent = t("wall.pickWaiting", { count: waiting });
    this.waiting.hidden = waiting === 0;
    this.none.hidden = chosen.length === 0;
    this.count.textContent = chosen.length ? t("wall.picked", { count: chosen.length }) : "";
    fill(this.acts, chosen.length ? [acts(chosen, this.done, () => this.home().focus()), tellButton(chosen, this.done)] : []);
    for (const each of back) each();
  }

  /** Where one goes on once an act is gone: how it went, or choosing others. */
  home() {
    return this.progress?.chip.isConnected ? this.progress.chip : this.shown;
  }

  /** The newest act stays at hand, to see how it went. @param {import("./progress.js").Progress} progress */
  follow(progress) {
    this.progress?.remove();
    this.progress = progress;
    fill(this.running, progress.states.size > 1 ? progress.chip : []);
  }
}

/** @param {Tile} tile */
function waits(tile) {
  return tile.phase === "awaiting_admission";
}
