// The strip of critical incidents: those that nobody has seen call until somebody says so, the others say who did.

import { announceUrgently } from "../core/announce.js";
import { fill, h } from "../core/dom.js";
import { isLost, rearrange } from "../core/focus.js";
import { get, post } from "../core/http.js";
import { serverNow } from "../core/server-clock.js";
import { t } from "../core/text.js";
import { clockTime } from "../core/time.js";
import { inWords } from "../core/trouble.js";
import { incidentName } from "../core/word.js";
import { call, isAllowed, isLoud, setLoud } from "./sound.js";

/** @typedef {{ incident_id: string, attempt_id: string, student_name: string, kind: string, started_at: string, acknowledged_by: string | null, acknowledged_by_name: string }} Alert */

const MOST = 20;
const FEW = 6; // of those that are seen
const RARELY = 5; // looks between two at what is seen
const SEEN_FOR = 600_000; // milliseconds for which an alert that somebody has seen still says who

export class AlertStrip {
  /** @param {string} slot @param {(attempt: string) => void} opened */
  constructor(slot, opened) {
    this.slot = slot;
    this.opened = opened;
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map();
    this.known = new Set();
    /** @type {Alert[]} */
    this.seen = [];
    this.looks = 0;
    this.more = h("p", { class: "quiet small" });
    const loud = h("input", { type: "checkbox", id: "sound", checked: isLoud() });
    this.hint = h("span", { class: "quiet small" });
    loud.addEventListener("change", () => {
      setLoud(loud.checked);
      call();
      this.hintAtSound();
    });
    this.list = h("ul", { class: "alerts" });
    this.trouble = h("p", { role: "status" });
    this.choice = h("label", { class: "choice", htmlFor: "sound" }, loud, h("span", {}, t("wall.sound"), " ", this.hint));
    this.element = h("section", { "aria-label": t("wall.alerts") }, this.trouble, this.list, this.more);
    this.hintAtSound();
  }

  /** Look again; how many alerts of each attempt nobody has seen. @returns {Promise<Map<string, number>>} */
  async look() {
    const unseen = await get(`/api/monitoring/alerts?slot_id=${this.slot}&limit=${MOST}`);
    this.looks += 1;
    if (this.looks % RARELY === 1) await this.lookAtSeen();
    this.more.textContent = unseen.next_cursor ? t("wall.moreAlerts", { count: MOST }) : "";
    this.show([...unseen.items, ...this.seen]);
    const counts = new Map();
    for (const { attempt_id: attempt } of unseen.items) counts.set(attempt, (counts.get(attempt) ?? 0) + 1);
    return counts;
  }

  async lookAtSeen() {
    const since = new Date(serverNow() - SEEN_FOR).toISOString();
    this.seen = (await get(`/api/monitoring/alerts?slot_id=${this.slot}&limit=${FEW}&seen_since=${encodeURIComponent(since)}`)).items;
  }

  /** A row that is there already keeps its focus. @param {Alert[]} alerts those that nobody has seen first */
  show(alerts) {
    const fresh = alerts.filter((one) => !one.acknowledged_by && !this.known.has(one.incident_id));
    for (const one of fresh) {
      this.known.add(one.incident_id);
      announceUrgently(words(one));
    }
    if (fresh.length) call();
    const rows = alerts.map((one) => this.row(one));
    rearrange(this.list, rows);
    this.rows = new Map(alerts.map((one, place) => [key(one), rows[place]]));
    this.hintAtSound();
  }

  /** @param {Alert} alert */
  row(alert) {
    const present = this.rows.get(key(alert));
    if (present) return present;
    const open = h("button", { type: "button", onClick: () => this.opened(alert.attempt_id) }, "■ ", words(alert));
    if (alert.acknowledged_by) return h("li", { class: "seen" }, open, h("span", { class: "small" }, seenBy(alert.acknowledged_by_name)));
    const seen = h("button", { type: "button", class: "primary", "aria-label": t("wall.acknowledgeOf", { name: alert.student_name, time: clockTime(alert.started_at) }), onClick: () => this.acknowledge(alert) }, t("wall.acknowledge"));
    return h("li", {}, open, seen);
  }

  /** @param {Alert} alert */
  async acknowledge(alert) {
    try {
      await post(`/api/monitoring/attempts/${alert.attempt_id}/incidents/${alert.incident_id}/acknowledgement`, {});
      this.trouble.textContent = "";
      await this.lookAtSeen();
      await this.look();
      // To the next one, and after the last to what was seen.
      if (isLost()) /** @type {HTMLElement | null} */ (this.list.querySelector("button.primary") ?? this.list.querySelector("button"))?.focus();
    } catch (error) {
      this.trouble.textContent = inWords(error);
    }
  }

  hintAtSound() {
    fill(this.hint, isLoud() && !isAllowed() ? t("wall.soundWaits") : "");
  }
}

/** Who has seen it. @param {string} name empty once they are gone */
export function seenBy(name) {
  return name ? t("wall.seenBy", { name }) : t("wall.seen");
}

/** @param {Alert} alert */
function key(alert) {
  return `${alert.incident_id}${alert.acknowledged_by ?? ""}`;
}

/** @param {Alert} alert */
function words(alert) {
  return t("wall.alert", { name: alert.student_name, what: incidentName(alert.kind), time: clockTime(alert.started_at) });
}
