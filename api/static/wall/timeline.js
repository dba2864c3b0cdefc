// What happened in one attempt, newest first: moves with who and why, incidents with their evidence and who has seen them.

import { fill, h } from "../core/dom.js";
import { isLost, land, rearrange } from "../core/focus.js";
import { get, post } from "../core/http.js";
import { serverNow } from "../core/server-clock.js";
import { has, t } from "../core/text.js";
import { clockTime, duration } from "../core/time.js";
import { refusalNotice } from "../core/trouble.js";
import { incidentName, severity } from "../core/word.js";
import { seenBy } from "./alert.js";
import { evidence } from "./evidence.js";

/** @typedef {{ at: string, stamp: string, key: string, make: () => HTMLElement }} Entry */

const MOST = 100;

export class Timeline {
  /** @param {string} attempt @param {() => void} changed */
  constructor(attempt, changed) {
    this.attempt = attempt;
    this.changed = changed;
    this.list = h("ol", { class: "rows timeline" });
    /** @type {Map<string, { stamp: string, row: HTMLElement }>} */
    this.rows = new Map();
  }

  /** @param {boolean} isMonitored whether there can be incidents */
  async refresh(isMonitored) {
    const [moves, incidents] = await Promise.all([
      get(`/api/reservations/attempts/${this.attempt}/moves?limit=200`),
      isMonitored ? get(`/api/monitoring/attempts/${this.attempt}/incidents?limit=${MOST}&newest_first=true`) : { items: [] },
    ]);
    const told = moves.items.filter((/** @type {any} */ one) => one.machine === "attempt");
    this.show([...told.map((/** @type {any} */ one) => this.move(one)), ...incidents.items.map((/** @type {any} */ one) => this.incident(one))]);
  }

  /** Rows that did not change stay, and with them what is open in them. @param {Entry[]} entries */
  show(entries) {
    const wanted = entries.sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).map((entry) => this.row(entry));
    if (wanted.length) rearrange(this.list, wanted);
    else if (!this.list.children.length) fill(this.list, h("li", { class: "quiet" }, t("wall.nothingYet")));
  }

  /** @param {Entry} entry */
  row({ key, stamp, make }) {
    const present = this.rows.get(key);
    if (present && (present.stamp === stamp || present.row.contains(document.activeElement))) return present.row;
    const row = make();
    this.rows.set(key, { stamp, row });
    return row;
  }

  /** @param {any} move @returns {Entry} */
  move(move) {
    const what = has(`wall.move.${move.verb}`) ? t(`wall.move.${move.verb}`) : move.verb.replaceAll("_", " ");
    const who = has(`wall.by.${move.actor_role}`) ? t(`wall.by.${move.actor_role}`) : t(`shared.role.${move.actor_role}`);
    const make = () => h("li", { class: "row" }, h("div", {}, h("span", { class: "quiet" }, clockTime(move.at)), " ", what, " ", h("span", { class: "quiet" }, "· ", who), move.reason ? h("p", { class: "small" }, move.reason) : null));
    return { at: move.at, key: `move-${move.version}-${move.verb}`, stamp: "", make };
  }

  /** @param {any} incident @returns {Entry} */
  incident(incident) {
    const stamp = `${incident.ended_at}${incident.acknowledged_by}${incident.ruling}${incident.evidence.length}`;
    return { at: incident.started_at, key: incident.incident_id, stamp, make: () => this.incidentRow(incident) };
  }

  /** @param {any} incident */
  incidentRow(incident) {
    const path = `/api/monitoring/attempts/${this.attempt}/incidents/${incident.incident_id}`;
    const trouble = h("div", {});
    const end = incident.ended_at ? Date.parse(incident.ended_at) : serverNow();
    const lasted = duration(Math.max(1, (end - Date.parse(incident.started_at)) / 1000));
    const seen = h("button", { type: "button", onClick: () => acknowledge() }, t("wall.acknowledge"));
    const acknowledge = async () => {
      try {
        const { acknowledged_by_name: name } = await post(`${path}/acknowledgement`, {});
        const said = h("span", { class: "quiet" }, seenBy(name));
        seen.replaceWith(said);
        if (isLost()) land(said);
        this.changed();
      } catch (error) {
        fill(trouble, refusalNotice(error));
      }
    };
    const needs = incident.severity !== "technical" && !incident.acknowledged_by;
    return h(
      "li",
      { class: "row" },
      h(
        "div",
        {},
        h("span", { class: "quiet" }, clockTime(incident.started_at)), " ", severity(incident.severity), " ", incidentName(incident.kind), " ",
        h("span", { class: "quiet small" }, incident.ended_at ? t("wall.lasted", { duration: lasted }) : t("wall.goesOn")),
        incident.evidence.length ? evidence(this.attempt, incident) : null,
        trouble,
      ),
      needs ? seen : h("span", { class: "quiet" }, incident.acknowledged_by ? seenBy(incident.acknowledged_by_name) : ""),
    );
  }
}
