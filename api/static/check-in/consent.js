// What is recorded, why, who sees it and for how long; and the person's yes.

import { h } from "../core/dom.js";
import { secondsOf } from "../core/iso.js";
import { t } from "../core/text.js";
import { duration } from "../core/time.js";

/**
 * @param {import("../attempt/attempt.js").Briefing} briefing
 * @param {() => Promise<void>} done
 */
export function consentStep(briefing, done) {
  const yes = h("input", { type: "checkbox", id: "consent" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const go = h("button", { type: "button", class: "primary" }, t("checkIn.consent.submit"));
  go.addEventListener("click", async () => {
    wrong.textContent = yes.checked ? "" : t("checkIn.consent.missing");
    if (yes.checked) await done();
    else yes.focus();
  });
  const keep = (/** @type {string} */ time) => duration(secondsOf(time));
  const points = [
    t("checkIn.consent.what", { interval: duration(secondsOf(briefing.frame_interval)) }),
    ...(briefing.screen_interval ? [t("checkIn.consent.screen", { interval: duration(secondsOf(briefing.screen_interval)) })] : []),
    ...(briefing.keeps_recording ? [t("checkIn.consent.video")] : []),
    ...(briefing.microphone ? [t("checkIn.consent.microphone")] : []),
    t("checkIn.consent.watched", { list: briefing.watched.map((kind) => t(`checkIn.watched.${kind}`)).join("; ") }),
    ...(briefing.faces_compared_because ? [t("checkIn.consent.faces", { basis: briefing.faces_compared_because })] : []),
    t("checkIn.consent.why"),
    t("checkIn.consent.who"),
    t("checkIn.consent.howLong", { media: keep(briefing.kept.media), features: keep(briefing.kept.features), log: keep(briefing.kept.decision_log) }),
    t("checkIn.consent.rights"),
  ];
  return h(
    "section",
    {},
    h("h2", {}, t("checkIn.consent.title")),
    h("ul", {}, points.map((point) => h("li", {}, point))),
    h("div", { class: "field" }, wrong, h("label", { class: "choice", htmlFor: "consent" }, yes, h("span", {}, t("checkIn.consent.yes")))),
    go,
  );
}
