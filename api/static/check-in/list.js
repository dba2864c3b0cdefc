// Runs the checks one after another and shows each with its state, its reason and what to try.

import { fill, h } from "../core/dom.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { announce } from "../core/announce.js";
import { browser, camera, fullscreen, microphone, network, screens, screenShare } from "./check.js";

/** @typedef {import("./check.js").Finding} Finding */

const TONES = /** @type {const} */ ({ ready: "good", warning: "medium", blocked: "critical" });

/**
 * @param {import("../core/eye.js").Eye} eye
 * @param {{ microphone: boolean, screen_interval: string | null }} briefing
 * @param {(findings: Record<string, Finding>) => void} done called after each round
 * @returns {{ place: HTMLElement, cameraOpened: () => void }} a camera that opens after all is checked by itself
 */
export function checkList(eye, briefing, done) {
  /** @type {[string, (stage: HTMLElement) => Promise<Finding>][]} */
  const checks = [["browser", browser], ["network", network], ["camera", () => camera(eye)], ["fullscreen", fullscreen], ["screens", screens]];
  if (briefing.screen_interval) checks.push(["screenShare", screenShare]);
  if (briefing.microphone) checks.splice(3, 0, ["microphone", microphone]);
  const rows = checks.map(([name]) => ({ name, place: h("li", { class: "card" }) }));
  const again = h("button", { type: "button", onClick: () => run() }, t("checkIn.again"));
  let isBlocked = false;
  const run = async () => {
    isBlocked = false;
    again.disabled = true;
    for (const { name, place } of rows) fill(place, h("h2", {}, t(`checkIn.check.${name}`)), status("waiting", t("checkIn.state.waiting")));
    /** @type {Record<string, Finding>} */
    const findings = {};
    for (const [place, [name, check]] of checks.entries()) {
      findings[name] = await check(rows[place].place);
      show(rows[place].place, name, findings[name]);
    }
    again.disabled = false;
    isBlocked = findings.camera.state === "blocked";
    announce(Object.values(findings).every((each) => each.state !== "blocked") ? t("checkIn.allReady") : t("checkIn.notAll"));
    done(findings);
  };
  run();
  const place = h("section", {}, h("ol", { class: "cards checks" }, rows.map((row) => row.place)), again);
  return { place, cameraOpened: () => void (isBlocked && run()) };
}

/** @param {HTMLElement} place @param {string} name @param {Finding} finding */
function show(place, name, finding) {
  const advice = finding.state === "ready" ? null : h("p", {}, h("strong", {}, t("checkIn.try")), " ", t(`checkIn.advice.${finding.reason}`));
  fill(
    place,
    h("h2", {}, t(`checkIn.check.${name}`)),
    h("p", {}, status(TONES[finding.state], t(`checkIn.state.${finding.state}`)), " ", t(`checkIn.found.${finding.reason}`, finding.values ?? {})),
    advice,
  );
}
