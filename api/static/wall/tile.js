// One student on the wall: a recent picture, presence, risk in words, the last incident and its age.

import { fill, h } from "../core/dom.js";
import { fetched, Problem } from "../core/http.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { duration } from "../core/time.js";
import { incidentName, severity } from "../core/word.js";
import { serverNow } from "../core/server-clock.js";
import { talkMarks } from "./talk.js";

/** @typedef {import("./order.js").Tile} Tile */

const STALE = 10; // seconds from which a picture counts as old: silence is not health

export class TileView {
  /** @param {Tile} tile @param {{ opened: () => void, picked: () => void }} ears */
  constructor(tile, ears) {
    this.tile = tile;
    this.capturedAt = 0;
    this.picture = h("img", { class: "tile-picture", alt: "" });
    this.age = h("span", { class: "tile-age small" });
    this.facts = h("div", {});
    this.pick = h("input", { type: "checkbox", onChange: ears.picked });
    this.name = h("button", { type: "button", class: "link tile-name", onClick: ears.opened });
    this.element = h("li", { class: "tile" }, h("div", { class: "tile-frame" }, this.picture, this.age), h("div", { class: "tile-head" }, this.pick, this.name), this.facts);
    this.show(tile);
  }

  /** @param {Tile} tile */
  show(tile) {
    this.tile = tile;
    this.name.textContent = tile.student_name;
    this.pick.setAttribute("aria-label", t("wall.pick", { name: tile.student_name }));
    this.picture.alt = t("wall.picture", { name: tile.student_name });
    fill(this.facts, h("p", {}, status(tile.phase === "in_progress" ? "good" : "medium", t(`attempt.phase.${tile.phase}`)), " ", presence(tile)), h("p", {}, risk(tile.risk)), last(tile), talkMarks(tile));
    this.tell();
  }

  /** Fetch the newest picture; what is not there yet is no error. */
  async refresh() {
    try {
      const response = await fetched("GET", `/api/monitoring/attempts/${this.tile.attempt_id}/frames/latest`);
      const at = Date.parse(response.headers.get("X-Captured-At") ?? "");
      if (at !== this.capturedAt) {
        const old = this.picture.src;
        this.picture.src = URL.createObjectURL(await response.blob());
        if (old) URL.revokeObjectURL(old);
        this.capturedAt = at;
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
    this.tell();
  }

  /** A picture that is not fresh greys out and counts its seconds. */
  tell() {
    const seconds = this.capturedAt ? Math.round((serverNow() - this.capturedAt) / 1000) : null;
    const isStale = seconds === null || seconds > STALE;
    this.element.classList.toggle("stale", isStale);
    this.age.textContent = seconds === null ? t("wall.noPicture") : isStale ? t("wall.old", { duration: duration(seconds) }) : "";
  }
}

/** @param {Tile} tile */
function presence(tile) {
  if (!tile.health) return h("span", { class: "quiet" }, t("wall.presence.never"));
  return h("span", { class: tile.health.is_healthy ? "quiet" : "" }, t(`wall.presence.${tile.health.presence}`));
}

/** @param {number} value */
export function risk(value) {
  const [word, tone] = value >= 20 ? ["high", "critical"] : value >= 8 ? ["raised", "high"] : value > 0 ? ["some", "medium"] : ["none", "plain"];
  const meter = h("meter", { min: 0, max: 30, low: 8, high: 20, value: Math.min(value, 30), "aria-hidden": "true" });
  return h("span", { class: "risk" }, meter, " ", status(/** @type {any} */ (tone), t(`wall.risk.${word}`)));
}

/** @param {Tile} tile */
function last(tile) {
  const incident = tile.last_incident;
  if (!incident) return h("p", { class: "quiet small" }, t("wall.noIncident"));
  const ago = duration((serverNow() - Date.parse(incident.started_at)) / 1000);
  return h("p", { class: "small" }, severity(incident.severity), " ", incidentName(incident.kind), " ", h("span", { class: "quiet" }, t("shared.ago", { duration: ago })), incident.acknowledged_by ? ` – ${t("wall.seen")}` : "");
}
