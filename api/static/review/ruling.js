// One incident to rule on: what was noticed and by which rule, its pictures, and the reviewer's ruling with a reason.

import { h } from "../core/dom.js";
import { secondsOf } from "../core/iso.js";
import { has, t } from "../core/text.js";
import { clockTime, duration } from "../core/time.js";
import { incidentName, severity } from "../core/word.js";
import { evidenceStrip } from "./evidence.js";

/** @typedef {import("./review.js").Review} Review */
/** @typedef {import("./review.js").Incident} Incident */

const RULINGS = ["not_an_incident", "explained", "confirmed"];

/** @typedef {ReturnType<typeof ruling>} Row */

/**
 * @param {Review} review
 * @param {Incident} incident
 * @param {number} place
 * @param {any[]} evidence
 * @param {ReturnType<typeof import("./playback.js").playback>} player
 * @param {{ ruling?: string, reason?: string }} kept
 */
export function ruling(review, incident, place, evidence, player, kept) {
  const radios = RULINGS.map((value) => h("input", { type: "radio", name: `ruling-${place}`, value, checked: kept.ruling === value }));
  const choices = radios.map((radio, index) => h("label", { class: "choice" }, radio, h("span", {}, h("kbd", { "aria-hidden": "true" }, index + 1), " ", t(`review.ruling.${radio.value}`))));
  const reason = h("input", { id: `reason-${place}`, value: kept.reason ?? "", autocomplete: "off" });
  const name = incidentName(incident.kind);
  const heading = h("h3", { tabIndex: -1 }, `${place + 1}. ${name}`);
  const element = h(
    "li",
    { class: "card" },
    heading,
    h("p", {}, severity(incident.severity), " ", facts(incident)),
    h("p", {}, t("review.rule", { rule: incident.rule }), " ", clears(review, incident)),
    incident.late_seconds ? h("p", { class: "quiet small" }, t("review.late", { duration: duration(incident.late_seconds) })) : null,
    evidenceStrip(evidence, name, player),
    h("button", { type: "button", onClick: () => player.playStretch(incident) }, t("review.playIt"), h("span", { class: "unseen" }, ": ", name)),
    h("fieldset", { class: "rulings" }, h("legend", {}, t("review.rulingLegend")), choices),
    h("div", { class: "field" }, h("label", { htmlFor: reason.id }, t("review.reasonOne")), reason),
  );
  const at = evidence.find((one) => one.moment === "at") ?? evidence[0];
  return {
    id: incident.incident_id,
    element,
    heading,
    radios,
    reason,
    value: () => radios.find((radio) => radio.checked)?.value,
    /** Read it, with its picture in the player. */
    enter() {
      heading.focus();
      element.scrollIntoView({ block: "nearest" });
      if (at) player.show(at.offset, at.captured_at, at.boxes);
      else player.seekTo(incident.started_at);
    },
  };
}

/** @param {Incident} incident */
function facts(incident) {
  const length = incident.ended_at ? duration((Date.parse(incident.ended_at) - Date.parse(incident.started_at)) / 1000) : t("review.open");
  return t("review.when", { time: clockTime(incident.started_at), length, confidence: Math.round(incident.confidence * 100) });
}

/** What ends, or would have ended, such an incident. @param {Review} review @param {Incident} incident */
function clears(review, incident) {
  const key = `review.clears.${incident.kind}`;
  return has(key) ? t(key, { leave: duration(secondsOf(review.leave_after ?? "PT2S")) }) : "";
}
