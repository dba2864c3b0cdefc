// One student on the wall: a recent picture, presence, risk in words, the last incident and its age.

import { fill, h } from "../core/dom.js";
import { fetched, Problem } from "../core/http.js";
import { serverNow } from "../core/server-clock.js";
import { status } from "../core/status.js";
import { has, shownNumber, t } from "../core/text.js";
import { duration } from "../core/time.js";
import { incidentName, severity } from "../core/word.js";
import { show } from "./picture.js";
import { talkMarks } from "./talk.js";

/** @typedef {import("./order.js").Tile} Tile */

const SILENT = 5; // seconds from which a picture counts as old: silence is not health
const TONES = /** @type {const} */ ({ in_progress: "good", admitted: "plain", checking_in: "plain", paused: "medium", awaiting_admission: "medium", terminated: "critical" });

export class TileView {
  /** @param {Tile} tile @param {{ opened: () => void, picked: (isChosen: boolean, isRange: boolean) => void }} ears */
  constructor(tile, ears) {
    this.tile = tile;
    this.capturedAt = 0;
    this.picture = h("img", { class: "tile-picture", alt: "" });
    this.age = h("span", { class: "tile-age small" });
    this.facts = h("div", {});
    this.pick = h("input", { type: "checkbox" });
    this.pick.addEventListener("click", (event) => ears.picked(this.pick.checked, event.shiftKey));
    this.name = h("button", { type: "button", class: "link tile-name", onClick: ears.opened });
    this.element = h("li", { class: "tile" }, h("div", { class: "tile-frame", onClick: ears.opened }, this.picture, this.age), h("div", { class: "tile-head" }, this.pick, this.name), this.facts);
    this.show(tile, false);
  }

  /** @param {Tile} tile @param {boolean} isChosen */
  show(tile, isChosen) {
    this.tile = tile;
    this.name.textContent = tile.student_name;
    this.pick.checked = isChosen;
    this.element.classList.toggle("chosen", isChosen);
    this.pick.setAttribute("aria-label", t("wall.pick", { name: tile.student_name }));
    this.picture.alt = t("wall.picture", { name: tile.student_name });
    fill(this.facts, h("p", {}, phase(tile), " ", presence(tile)), trouble(tile), h("p", {}, risk(tile.risk), " ", watched(tile)), last(tile), talkMarks(tile));
  }

  /** Fetch the newest picture; what is not there yet is no error. */
  async refresh() {
    const path = livePath(this.tile);
    if (!path) return;
    try {
      const response = await fetched("GET", path);
      if (response.status === 204) return;
      const at = Date.parse(response.headers.get("X-Captured-At") ?? "");
      if (at !== this.capturedAt) {
        show(this.picture, URL.createObjectURL(await response.blob()));
        this.capturedAt = at;
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }

  /**
   * A picture that is not fresh greys out and counts its seconds.
   * @param {number} turns seconds between two looks at this tile
   */
  tell(turns) {
    const seconds = this.capturedAt ? Math.max(0, Math.round((serverNow() - this.capturedAt) / 1000)) : null;
    const isStale = seconds === null || seconds > SILENT + turns;
    this.element.classList.toggle("stale", isStale);
    this.age.textContent = seconds === null ? t("wall.noPicture") : isStale ? t("wall.silentFor", { count: seconds }) : "";
  }
}

/** Where the newest picture is: of the stream, or of somebody who waits to be let in. @param {Tile} tile */
export function livePath({ attempt_id: attempt, health, phase }) {
  if (phase === "awaiting_admission") return `/api/monitoring/attempts/${attempt}/glimpse?if_any=true`;
  return health && phase !== "submitted" ? `/api/monitoring/attempts/${attempt}/frames/latest?if_any=true` : "";
}

/** Where the attempt stands, as a proctor says it. @param {Tile} tile */
export function phase(tile) {
  const word = has(`wall.phase.${tile.phase}`) ? t(`wall.phase.${tile.phase}`) : t(`attempt.phase.${tile.phase}`);
  return status(TONES[/** @type {keyof typeof TONES} */ (tile.phase)] ?? "plain", word);
}

/** @param {Tile} tile */
export function presence(tile) {
  if (!tile.health) return h("span", { class: "quiet" }, t("wall.presence.never"));
  const word = t(`wall.presence.${tile.health.presence}`);
  return tile.health.is_healthy || tile.phase !== "in_progress" ? h("span", { class: "quiet" }, word) : status("high", word);
}

/** Why monitoring is not healthy, in words: the worst reason first, the others behind it. @param {Tile} tile */
export function trouble({ health, phase: stands }) {
  const reasons = health?.reasons ?? [];
  if (!reasons.length || !["in_progress", "submitted"].includes(stands)) return null;
  const words = reasons.map(({ trouble: kind, seconds, detail }) => t(`wall.trouble.${kind}`, { duration: duration(seconds ?? 0), detail }));
  return h("p", { class: "small" }, status("high", words.join("; ")));
}

/** How much of it was watched so far. @param {Tile} tile */
export function watched({ coverage }) {
  if (!coverage) return null;
  const words = t("wall.watched", { percent: shownNumber(coverage.percent) });
  return coverage.is_short ? status("medium", words) : h("span", { class: "quiet small" }, words);
}

/** How long ago something was, in words. @param {string} instant empty where nobody knows */
export function age(instant) {
  return instant ? t("shared.ago", { duration: duration((serverNow() - Date.parse(instant)) / 1000) }) : "";
}

/** @param {number} value */
export function risk(value) {
  const [word, tone] = value >= 20 ? ["high", "critical"] : value >= 8 ? ["raised", "high"] : value > 0 ? ["some", "medium"] : ["none", "plain"];
  const meter = h("meter", { min: 0, max: 30, low: 8, high: 20, optimum: 0, value: Math.min(value, 30), "aria-hidden": "true" });
  return h("span", { class: "risk" }, meter, " ", status(/** @type {any} */ (tone), t(`wall.risk.${word}`)));
}

/** @param {Tile} tile */
function last(tile) {
  const incident = tile.last_incident;
  if (!incident) return h("p", { class: "quiet small" }, t("wall.noIncident"));
  return h("p", { class: "small" }, severity(incident.severity), " ", incidentName(incident.kind), " ", h("span", { class: "quiet" }, age(incident.started_at)), incident.acknowledged_by ? ` – ${t("wall.seen")}` : "");
}
