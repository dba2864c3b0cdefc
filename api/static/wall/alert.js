// The strip of critical incidents that nobody has acknowledged, and the sound that calls for one.

import { announceUrgently } from "../core/announce.js";
import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";
import { incidentName } from "../core/word.js";

/** @typedef {import("./order.js").Tile} Tile */

export class AlertStrip {
  /** @param {(tile: Tile) => void} opened */
  constructor(opened) {
    this.opened = opened;
    this.known = new Set();
    this.isLoud = h("input", { type: "checkbox", id: "sound", checked: localStorage.getItem("pw-sound") === "on" });
    this.isLoud.addEventListener("change", () => localStorage.setItem("pw-sound", this.isLoud.checked ? "on" : "off"));
    this.list = h("ul", { class: "alerts" });
    this.element = h("section", { "aria-label": t("wall.alerts") }, h("label", { class: "choice", htmlFor: "sound" }, this.isLoud, h("span", {}, t("wall.sound"))), this.list);
  }

  /** @param {Tile[]} tiles */
  show(tiles) {
    const critical = tiles.filter(({ last_incident: one }) => one && one.severity === "critical" && !one.acknowledged_by);
    const fresh = critical.filter((tile) => !this.known.has(tile.last_incident?.incident_id));
    for (const tile of fresh) {
      this.known.add(tile.last_incident?.incident_id);
      announceUrgently(words(tile));
    }
    if (fresh.length && this.isLoud.checked) beep();
    if (this.list.contains(document.activeElement)) return;
    fill(this.list, critical.map((tile) => h("li", {}, h("button", { type: "button", onClick: () => this.opened(tile) }, "■ ", words(tile)))));
  }
}

/** @param {Tile} tile */
function words(tile) {
  const incident = /** @type {NonNullable<Tile["last_incident"]>} */ (tile.last_incident);
  return t("wall.alert", { name: tile.student_name, what: incidentName(incident.kind), time: clockTime(incident.started_at) });
}

/** A short soft tone, made here: no file to load. */
function beep() {
  const audio = new AudioContext();
  const tone = new OscillatorNode(audio, { frequency: 660 });
  const loudness = new GainNode(audio, { gain: 0.1 });
  tone.connect(loudness).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.25);
  tone.onended = () => audio.close();
}
