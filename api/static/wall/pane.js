// The pane of one attempt: live frames, who they say they are, what was noticed, and what may be done.

import { fill, h } from "../core/dom.js";
import { fetched, get, post, Problem } from "../core/http.js";
import { t } from "../core/text.js";
import { clockTime, dateTime } from "../core/time.js";
import { refusalNotice } from "../core/trouble.js";
import { incidentName, severity } from "../core/word.js";
import { acts } from "./act.js";
import { TalkPane } from "./talk.js";

/** @typedef {import("./order.js").Tile} Tile */

export class Pane {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.element = h("aside", { class: "pane", "aria-label": t("wall.pane"), hidden: true });
    /** @type {Tile | null} */
    this.tile = null;
    this.live = h("img", { class: "picture", alt: "" });
    this.identity = h("div", {});
    this.incidents = h("ol", { class: "rows" });
    this.head = h("div", {});
    this.talk = new TalkPane(changed);
  }

  /** @param {Tile} tile */
  async open(tile) {
    const isNew = this.tile?.attempt_id !== tile.attempt_id;
    this.tile = tile;
    this.element.hidden = false;
    const heading = h("h2", { tabIndex: -1 }, tile.student_name);
    const close = h("button", { type: "button", onClick: () => this.close() }, t("wall.close"));
    const end = tile.deadline_at ? h("p", {}, t("wall.ends", { at: dateTime(tile.deadline_at) })) : null;
    fill(this.head, heading, h("p", {}, t(`attempt.phase.${tile.phase}`)), end, acts([tile], this.changed));
    if (!isNew) return;
    this.talk.show(tile);
    this.live.alt = t("wall.picture", { name: tile.student_name });
    fill(this.identity);
    fill(this.element, this.head, h("div", { class: "side-by-side" }, this.live, this.identity), this.talk.element, h("h3", {}, t("wall.incidents")), this.incidents, h("div", { class: "actions" }, close));
    heading.focus();
    await Promise.all([this.refresh(), this.showIdentity(tile)]);
  }

  close() {
    this.tile = null;
    this.element.hidden = true;
  }

  async refresh() {
    const tile = this.tile;
    if (!tile) return;
    await Promise.all([this.showPicture(tile), this.showIncidents(tile), this.talk.refresh()]);
  }

  /** @param {Tile} tile */
  async showPicture(tile) {
    const url = await picture(`/api/monitoring/attempts/${tile.attempt_id}/frames/latest`);
    if (!url || this.tile !== tile) return;
    if (this.live.src) URL.revokeObjectURL(this.live.src);
    this.live.src = url;
  }

  /** @param {Tile} tile */
  async showIdentity(tile) {
    const url = await picture(`/api/reservations/attempts/${tile.attempt_id}/check-in/identity-photo`);
    if (url) fill(this.identity, h("figure", {}, h("img", { class: "picture", src: url, alt: t("wall.identity", { name: tile.student_name }) }), h("figcaption", { class: "quiet small" }, t("wall.identityCaption"))));
    else fill(this.identity, h("p", { class: "quiet" }, t("wall.noIdentity")));
  }

  /** @param {Tile} tile */
  async showIncidents(tile) {
    if (!tile.health) return fill(this.incidents, h("li", { class: "quiet" }, t("wall.noIncident")));
    const { items } = await get(`/api/monitoring/attempts/${tile.attempt_id}/incidents?limit=100`);
    if (this.tile?.attempt_id !== tile.attempt_id || this.incidents.contains(document.activeElement)) return;
    fill(this.incidents, items.length ? items.reverse().map((/** @type {any} */ one) => this.row(tile, one)) : h("li", { class: "quiet" }, t("wall.noIncident")));
  }

  /** @param {Tile} tile @param {any} incident */
  row(tile, incident) {
    const path = `/api/monitoring/attempts/${tile.attempt_id}/incidents/${incident.incident_id}`;
    const trouble = h("div", {});
    const seen = h("button", { type: "button", onClick: () => acknowledge() }, t("wall.acknowledge"));
    const acknowledge = async () => {
      try {
        await post(`${path}/acknowledgement`, {});
        seen.replaceWith(t("wall.seen"));
        this.changed();
      } catch (error) {
        fill(trouble, refusalNotice(error));
      }
    };
    const look = h("button", { type: "button", class: "link", onClick: () => this.showEvidence(`${path}/evidence/at`) }, clockTime(incident.started_at));
    const needs = incident.severity !== "technical" && !incident.acknowledged_by;
    return h("li", { class: "row" }, h("div", {}, severity(incident.severity), " ", incidentName(incident.kind), " ", look, trouble), needs ? seen : h("span", { class: "quiet" }, incident.acknowledged_by ? t("wall.seen") : ""));
  }

  /** @param {string} path */
  async showEvidence(path) {
    const url = await picture(path);
    if (url) this.live.src = url;
  }
}

/** @param {string} path @returns {Promise<string>} empty where there is none */
async function picture(path) {
  try {
    return URL.createObjectURL(await (await fetched("GET", path)).blob());
  } catch (error) {
    if (error instanceof Problem) return "";
    throw error;
  }
}
