// The check-in: checks, identity photo, consent, then waiting for admission; no step is a dead end.

import { attemptId, commandPath, loadBriefing, loadLiveAttempt } from "../attempt/attempt.js";
import { follow } from "../attempt/follow.js";
import { consentStep } from "../check-in/consent.js";
import { showMyself } from "../check-in/glimpse.js";
import { checkList } from "../check-in/list.js";
import { photoStep } from "../check-in/photo.js";
import { byId, fill, h } from "../core/dom.js";
import { Eye } from "../core/eye.js";
import { post } from "../core/http.js";
import { secondsOf } from "../core/iso.js";
import { content, screen } from "../core/screen.js";
import { serverNow } from "../core/server-clock.js";
import { t } from "../core/text.js";
import { both, duration } from "../core/time.js";
import { refusalNotice, troubleNotice } from "../core/trouble.js";
import { talkAbove } from "../talk/mount.js";

/** @typedef {import("../attempt/attempt.js").Attempt} Attempt */
/** @typedef {import("../attempt/attempt.js").Briefing} Briefing */

const QUEUE_PAUSE = 3_000; // milliseconds between two looks at the queue

const id = attemptId();
const video = h("video", { class: "picture", muted: true, playsInline: true, autoplay: true, "aria-label": t("checkIn.camera") });

const lens = h("div", { role: "status" });
let cameraOpened = () => {};
const eye = new Eye(video, {
  opened: () => cameraOpened(),
  ended: () => undefined,
  trouble: (reason) => fill(lens, reason && h("div", { class: "notice medium" }, h("p", {}, cameraWords(reason)), h("button", { type: "button", onClick: () => eye.open() }, t("checkIn.openCamera")))),
});

screen(
  async (main) => {
    const briefing = await loadBriefing(id);
    document.title = `${t("checkIn.title")} – ${briefing.exam_title} – ProctorWise`;
    show(content(main), await loadLiveAttempt(id), briefing);
    talkAbove(id, content(main), "talk.help");
    follow(id, async (attempt) => show(content(main), attempt, await loadBriefing(id)));
  },
  { roles: ["student"] },
);

let shown = "";

/** @param {HTMLElement} place @param {Attempt} attempt @param {Briefing} briefing */
function show(place, attempt, briefing) {
  const stamp = [attempt.phase, attempt.send_back_reason].join("|");
  if (stamp === shown) return;
  shown = stamp;
  if (attempt.phase === "reserved") return begin(place, attempt, briefing);
  if (attempt.phase === "checking_in") return steps(place, attempt, briefing);
  if (attempt.phase === "awaiting_admission") return wait(place, briefing);
  if (attempt.phase === "admitted") return admitted(place, briefing);
  location.replace(attempt.phase === "in_progress" || attempt.phase === "paused" ? `/attempts/${id}/room` : `/attempts/${id}`);
}

/** @param {HTMLElement} place @param {Attempt} attempt @param {Briefing} briefing */
async function begin(place, attempt, briefing) {
  try {
    await post(commandPath(id, "check-in"), {});
    shown = "";
    show(place, { ...attempt, phase: "checking_in" }, briefing);
  } catch (error) {
    fill(place, troubleNotice(error, () => begin(place, attempt, briefing)), back());
  }
}

/** @param {HTMLElement} place @param {Attempt} attempt @param {Briefing} briefing */
function steps(place, attempt, briefing) {
  const next = h("div", { id: "next" });
  const missing = briefing.check_in_steps.filter((step) => !attempt.checks_done.includes(step));
  const sentBack = attempt.send_back_reason && h("p", { class: "notice medium" }, t("checkIn.sentBack", { reason: attempt.send_back_reason }));
  const list = checkList(eye, briefing, (findings) => {
    const isBlocked = Object.values(findings).some((each) => each.state === "blocked");
    if (isBlocked) fill(next, h("p", { class: "notice medium" }, t("checkIn.help")));
    else onward(next, missing, briefing);
  });
  cameraOpened = list.cameraOpened;
  fill(place, sentBack, h("p", {}, t("checkIn.lead")), framed(), list.place, next);
}

/** @param {HTMLElement} next @param {string[]} missing @param {Briefing} briefing */
async function onward(next, missing, briefing) {
  /** @type {string[]} */
  const open = missing.filter((step) => step === "identity_photo" || step === "consent");
  for (const step of missing.filter((each) => !open.includes(each))) if (!(await done(next, step))) return;
  const [first, ...rest] = open;
  const go = () => onward(next, rest, briefing);
  if (first === "identity_photo") fill(next, photoStep(id, video, go));
  if (first === "consent") fill(next, consentStep(briefing, async () => void ((await done(next, "consent")) && go())));
  if (!first) fill(next, h("p", { class: "quiet" }, t("shared.loading")));
}

/** @param {HTMLElement} next @param {string} step @returns {Promise<boolean>} whether it is recorded */
async function done(next, step) {
  try {
    await post(commandPath(id, "check-in/steps"), { step });
    return true;
  } catch (error) {
    fill(next, troubleNotice(error, () => location.reload()));
    return false;
  }
}

/** @param {HTMLElement} place @param {Briefing} briefing */
function wait(place, briefing) {
  const where = h("p", { role: "status" });
  const escalates = briefing.admission === "proctor" ? h("p", {}, t("checkIn.wait.escalates", { after: duration(secondsOf(briefing.admission_escalates_after)) })) : null;
  fill(place, h("div", { class: "notice good" }, h("h2", {}, t("checkIn.wait.title")), h("p", {}, t("checkIn.wait.text")), where, escalates), showMyself(id, video), lens, framed(false));
  followQueue(where, briefing);
  watchCamera();
}

/** Others are let in without anything of this attempt changing, so the place is asked for. @param {HTMLElement} where @param {Briefing} briefing */
function followQueue(where, briefing) {
  const queue = briefing.place_in_queue;
  const words = queue === null ? t("checkIn.wait.unknown") : t("checkIn.wait.place", { count: queue });
  if (where.textContent !== words) where.textContent = words;
  setTimeout(async () => {
    // A network that is away for a moment is said elsewhere; the place comes with the next answer.
    if (where.isConnected) followQueue(where, await loadBriefing(id).catch(() => briefing));
  }, QUEUE_PAUSE);
}

/** @param {HTMLElement} place @param {Briefing} briefing */
function admitted(place, briefing) {
  const key = crypto.randomUUID();
  const trouble = h("div", {});
  const go = h("button", { type: "button", class: "primary" }, t("checkIn.begin.submit"));
  go.addEventListener("click", async () => {
    go.disabled = true;
    try {
      await post(commandPath(id, "start"), {}, { key });
      eye.stop();
      location.assign(`/attempts/${id}/room`);
    } catch (error) {
      go.disabled = false;
      fill(trouble, refusalNotice(error));
    }
  });
  const facts = t("checkIn.begin.text", { duration: duration(secondsOf(briefing.duration)), count: briefing.questions });
  const when = h("p", {});
  fill(place, h("div", { class: "notice good" }, h("h2", {}, t("checkIn.begin.title")), h("p", {}, facts), h("p", {}, t("checkIn.begin.offline")), when), trouble, go, lens, framed());
  untilStart(briefing, when, go);
  watchCamera();
}

/**
 * Whoever is let in early sees when it begins; the button opens at that moment.
 * @param {Briefing} briefing @param {HTMLElement} when @param {HTMLButtonElement} go
 */
function untilStart(briefing, when, go) {
  const isEarly = serverNow() < Date.parse(briefing.starts_at);
  go.disabled = isEarly;
  when.textContent = isEarly ? t("checkIn.begin.early", { when: both(briefing.starts_at) }) : "";
  if (isEarly) setTimeout(() => untilStart(briefing, when, go), 500);
}

function framed(isPrivate = true) {
  const words = isPrivate ? h("figcaption", { class: "quiet small" }, t("checkIn.outline")) : null;
  return h("figure", { class: "camera" }, video, words);
}

function watchCamera() {
  // A camera that does not open here is no reason to stop: it is opened by itself, here or in the room.
  if (!eye.isLive) eye.open();
}

/** @param {string} reason */
function cameraWords(reason) {
  return `${t("checkIn.check.camera")}: ${t(`checkIn.found.${reason}`)} ${t(`checkIn.advice.${reason}`)}`;
}

function back() {
  return h("p", {}, h("a", { href: `/attempts/${id}` }, t("checkIn.back")));
}

byId("main").classList.add("check-in");
