// How much of an attempt was watched, in words: the figure, what the exam asks for, and why some of it is missing.

import { h } from "../core/dom.js";
import { status } from "../core/status.js";
import { shownNumber, t } from "../core/text.js";
import { duration } from "../core/time.js";

/** @typedef {{ cause: string, party: string, is_technical: boolean, frames: number, seconds: number }} Missing */
/** @typedef {{ due: number, sent: number, analysed: number, unreadable: number, percent: number, minimum: number, is_short: boolean, missing: Missing[] }} Coverage */

/** @param {Coverage | null | undefined} coverage */
export function coverageFigure(coverage) {
  if (!coverage) return h("p", { class: "quiet" }, t("word.coverage.unknown"));
  const { due, sent, analysed, minimum } = coverage;
  const percent = t("word.coverage.percent", { percent: shownNumber(coverage.percent) });
  const asked = minimum ? t("word.coverage.asked", { minimum: shownNumber(minimum) }) : t("word.coverage.notAsked");
  return [
    h("p", {}, coverage.is_short ? status("high", percent) : percent, " ", h("span", { class: "quiet" }, asked)),
    h("p", { class: "quiet small" }, t("word.coverage.frames", { due, sent, analysed })),
    coverage.missing.length ? h("ul", {}, coverage.missing.map(missingLine)) : null,
  ];
}

/** @param {Missing} missing */
function missingLine({ cause, party, is_technical: isTechnical, seconds }) {
  const whose = isTechnical ? h("span", { class: "quiet" }, " ", t(`word.coverage.party.${party}`)) : null;
  return h("li", {}, t(`word.coverage.cause.${cause}`), ", ", duration(seconds), whose);
}
