// Says to proctors that somebody has just raised a hand, without moving anything.

import { announce } from "../core/announce.js";
import { t } from "../core/text.js";

/** @typedef {import("./order.js").Tile} Tile */

export class Calls {
  constructor() {
    /** @type {Map<string, string | null> | null} */
    this.hands = null;
  }

  /** Those whose hand went up since the last look. @param {Tile[]} tiles */
  hear(tiles) {
    const known = this.hands;
    this.hands = new Map(tiles.map((tile) => [tile.attempt_id, tile.hand_raised_at]));
    if (!known) return;
    const fresh = tiles.filter((tile) => tile.hand_raised_at && known.get(tile.attempt_id) !== tile.hand_raised_at);
    if (fresh.length) announce(fresh.map((tile) => t("talk.hand.raisedBy", { name: tile.student_name })).join(" "));
  }
}
