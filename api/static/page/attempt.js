// An attempt's own page: where it stands, and everything its student may do about it.

import { calendarFile } from "../attempt/calendar.js";
import { attemptId, commandPath, loadBriefing, loadLiveAttempt } from "../attempt/attempt.js";
import { explanation, facts, onward, phaseStatus, phaseWords } from "../attempt/card.js";
import { counted } from "../attempt/counted.js";
import { follow } from "../attempt/follow.js";
import { announce } from "../core/announce.js";
import { confirmed } from "../core/dialog.js";
import { fill, h } from "../core/dom.js";
import { remembered } from "../core/focus.js";
import { get, post } from "../core/http.js";
import { secondsOf } from "../core/iso.js";
import { content, screen } from "../core/screen.js";
import { serverNow } from "../core/server-clock.js";
import { t } from "../core/text.js";
import { dateTime } from "../core/time.js";
import { refusalNotice } from "../core/trouble.js";
import { settle } from "../room/belated.js";
import { talkAbove } from "../talk/mount.js";

/** @typedef {import("../attempt/attempt.js").Attempt} Attempt */
/** @typedef {import("../attempt/attempt.js").Briefing} Briefing */

const id = attemptId();
const OVER = ["submitted", "voided", "cancelled", "expired", "no_show"];

screen(async (main, me) => {
  const [attempt, briefing] = await Promise.all([loadLiveAttempt(id), loadBriefing(id)]);
  const heading = /** @type {HTMLElement} */ (main.querySelector("h1"));
  heading.textContent = briefing.exam_title;
  document.title = `${briefing.exam_title} – ProctorWise`;
  show(content(main), attempt, briefing);
  if (attempt.student_id === me.person_id) talkAbove(id, content(main), "talk.title");
  if (OVER.includes(attempt.phase)) await settle(id); // what the room could not send any more
  follow(id, async (changed) => {
    const told = await loadBriefing(id);
    await underWay;
    if (show(content(main), changed, told)) announce(phaseWords(changed));
  });
});

/** What is done leads to another page: until then nothing new is offered here. */
let underWay = Promise.resolve();

/**
 * Where it reads the same as before it stays, and with it what somebody is about to press.
 * @param {HTMLElement} place @param {Attempt} attempt @param {Briefing} briefing
 * @returns {boolean} whether it reads differently
 */
function show(place, attempt, briefing) {
  const made = h(
    "div",
    {},
    h("p", {}, phaseStatus(attempt)),
    explanation(attempt, briefing),
    counted(attempt, "attempt.standing"),
    attempt.send_back_reason && attempt.phase === "checking_in"
      ? h("p", { class: "notice medium" }, t("attempt.sentBack", { reason: attempt.send_back_reason }))
      : null,
    acts(attempt, briefing),
    h("h2", {}, t("attempt.fact.title")),
    facts(briefing, secondsOf(briefing.duration)),
  );
  if (made.textContent === place.textContent) return false;
  const back = remembered(place);
  fill(place, made);
  back();
  return true;
}

/** @param {Attempt} attempt @param {Briefing} briefing */
function acts(attempt, briefing) {
  const trouble = h("div", {});
  const may = (/** @type {string} */ verb) => attempt.possible.includes(verb);
  const isOpen = serverNow() >= Date.parse(briefing.check_in_opens_at);
  const before = ["held", "reserved"].includes(attempt.phase);
  return h(
    "div",
    {},
    trouble,
    h(
      "div",
      { class: "actions" },
      may("confirm") && act("confirm", "confirm", trouble, true),
      attempt.phase === "reserved" && isOpen && act("checkIn", "check-in", trouble, true),
      onward(attempt),
      before && h("a", { class: "button", href: URL.createObjectURL(calendarFile(id, briefing)), download: "exam.ics" }, t("attempt.act.calendar")),
      may("move") && before && h("button", { type: "button", onClick: () => move(attempt) }, t("attempt.act.move")),
      may("cancel") && h("button", { type: "button", class: "grave", onClick: () => cancel(attempt, briefing) }, t(`attempt.act.${giveUp(attempt)}`)),
    ),
  );
}

/**
 * A button for a command without a body.
 * @param {string} word
 * @param {string} command
 * @param {HTMLElement} trouble
 * @param {boolean} isPrimary
 */
function act(word, command, trouble, isPrimary) {
  const key = crypto.randomUUID();
  const button = h("button", { type: "button", class: isPrimary ? "primary" : "" }, t(`attempt.act.${word}`));
  button.addEventListener("click", async () => {
    button.disabled = true;
    let goOn = () => {};
    underWay = new Promise((resolve) => (goOn = resolve));
    addEventListener("pagehide", () => goOn()); // whoever comes back finds it as it is by then
    try {
      await post(commandPath(id, command), {}, { key });
      location.assign(command === "check-in" ? `/attempts/${id}/check-in` : `/attempts/${id}`);
    } catch (error) {
      goOn();
      button.disabled = false;
      fill(trouble, refusalNotice(error));
    }
  });
  return button;
}

/** @param {Attempt} attempt what is given up: a seat, or a place on the list */
function giveUp(attempt) {
  return attempt.phase === "waitlisted" ? "leave" : "cancel";
}

/** @param {Attempt} attempt @param {Briefing} briefing */
async function cancel(attempt, briefing) {
  const what = giveUp(attempt);
  const isDone = await confirmed({
    title: t(`attempt.${what}.title`),
    text: t(`attempt.${what}.text`, { exam: briefing.exam_title }),
    confirm: t(`attempt.act.${what}`),
    act: async () => void (await post(commandPath(id, "cancel"), {})),
  });
  if (isDone) location.reload();
}

/** @param {Attempt} attempt */
async function move(attempt) {
  const slots = await get(`/api/reservations/slots?exam_id=${attempt.exam_id}&limit=200`);
  const others = slots.items.filter((/** @type {any} */ slot) => slot.slot_id !== attempt.slot_id && slot.free_seats > 0);
  const isDone = await confirmed({
    title: t("attempt.move.title"),
    text: others.length ? t("attempt.move.text") : t("attempt.move.none"),
    confirm: t("attempt.act.move"),
    fields: [{ name: "slot_id", label: t("attempt.move.slot"), type: "select", options: others.map((/** @type {any} */ slot) => [slot.slot_id, dateTime(slot.starts_at)]) }],
    act: async (values) => void (await post(commandPath(id, "move"), values)),
  });
  if (isDone) location.reload();
}
