// The exam room: the paper, the clock, saving, being seen, and what proctors do, all on one quiet page.

import { attemptId, commandPath, loadBriefing, loadLiveAttempt } from "../attempt/attempt.js";
import { follow } from "../attempt/follow.js";
import { confirmed } from "../core/dialog.js";
import { byId, fill, h } from "../core/dom.js";
import { get, post } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { t } from "../core/text.js";
import { dateTime } from "../core/time.js";
import { inWords, troubleNotice } from "../core/trouble.js";
import { bar } from "../room/bar.js";
import { countdown } from "../room/countdown.js";
import { Desk } from "../room/desk.js";
import { Notes } from "../room/note.js";
import { Saver } from "../room/saver.js";
import { watch } from "../room/watch.js";
import { talkInRoom } from "../talk/mount.js";

/** @typedef {import("../attempt/attempt.js").Attempt} Attempt */

const id = attemptId();
const video = h("video", { muted: true, playsInline: true, autoplay: true, "aria-label": t("room.camera") });
const notes = new Notes();
const OPEN = ["in_progress", "paused"];

screen((main) => new Promise((_, reject) => alone(() => enter(main).catch(reject), () => fill(content(main), elsewhere()))), { roles: ["student"] });

/**
 * One window at a time: answers and pictures of two would overtake each other.
 * @param {() => void} first @param {() => void} other
 */
function alone(first, other) {
  navigator.locks.request(`pw-room-${id}`, { ifAvailable: true }, (lock) => {
    if (!lock) return other();
    first();
    return new Promise(() => undefined); // held until the page goes
  });
}

/** @param {HTMLElement} main */
async function enter(main) {
  const [attempt, briefing] = await Promise.all([loadLiveAttempt(id), loadBriefing(id)]);
  if (!OPEN.includes(attempt.phase)) return location.replace(`/attempts/${id}`);
  document.title = `${briefing.exam_title} – ProctorWise`;
  main.classList.add("room");
  const room = new Room(content(main), briefing.exam_title);
  await room.open(attempt);
}

class Room {
  /** @param {HTMLElement} place @param {string} title */
  constructor(place, title) {
    byId("main").querySelector("h1")?.classList.add("unseen");
    this.bar = bar(title);
    this.clock = countdown(this.bar.time, () => this.timeIsUp());
    this.middle = h("div", { class: "room-middle" });
    this.list = h("div", {});
    this.deadline = "";
    /** @type {Saver | null} */
    this.saver = null;
    /** @type {Desk | null} */
    this.desk = null;
    const own = h("details", { class: "own", open: true }, h("summary", {}, t("room.camera")), video, h("p", { class: "quiet small" }, t("room.recorded")));
    fill(place, notes.place, h("div", { class: "room-grid" }, this.list, this.middle, own));
    talkInRoom(id, this.middle);
  }

  /** @param {Attempt} attempt */
  async open(attempt) {
    let isBlocked = false;
    this.watching = watch(id, video, {
      state: ({ isOpen }) => this.bar.connection(isOpen, isBlocked),
      light: (blocked) => {
        if (blocked === isBlocked) return;
        isBlocked = blocked;
        if (blocked) notes.tell("light", t("room.blocked"));
        else notes.withdraw("light");
      },
      ended: (code) => (code === 4409 ? this.leave(elsewhere()) : undefined),
      happened: (kind) => notes.happened(kind),
      noCamera: () => notes.tell("camera", t("room.noCamera")),
    });
    await this.stand(attempt);
    this.follower = follow(id, (changed) => this.stand(changed), () => this.bar.connection(false, false));
  }

  /** Show the room as the attempt stands now. @param {Attempt} attempt */
  async stand(attempt) {
    if (attempt.phase === "paused") return this.pause(attempt);
    this.tellTime(attempt.deadline_at);
    if (attempt.phase === "in_progress") return this.write();
    await this.saver?.flush();
    this.watching?.stop();
    location.replace(`/attempts/${id}`);
  }

  async write() {
    if (this.desk) return this.showDesk();
    const paper = await get(`/api/corrections/attempts/${id}/paper`);
    this.saver = await Saver.open(id, {
      standing: (question, standing, problem) => this.standing(question, standing, problem),
      deadline: (instant) => this.tellTime(instant),
    });
    const saver = this.saver;
    this.desk = new Desk({
      attempt: id,
      sections: paper.sections,
      valueOf: (question) => saver.book.valueOf(question),
      changed: (question, value, seconds) => saver.change(question, value, seconds),
      submit: () => this.submit(),
    });
    this.bar.saved("saved", 0);
    this.showDesk();
  }

  showDesk() {
    if (!this.desk || this.middle.contains(this.desk.middle)) return;
    fill(this.list, this.desk.list);
    fill(this.middle, this.desk.middle);
  }

  /** @param {Attempt} attempt */
  pause(attempt) {
    const ready = h("button", { type: "button", class: "primary", onClick: () => this.comeBack() }, t("room.ready"));
    const next = attempt.student_is_back ? h("p", { role: "status" }, t("room.saidReady")) : ready;
    this.clock.set(null);
    this.bar.time.textContent = t("room.clockStands");
    fill(this.list);
    fill(this.middle, h("div", { class: "notice medium" }, h("h2", { tabIndex: -1 }, t("room.paused")), h("p", {}, t("room.pausedText")), next));
  }

  async comeBack() {
    try {
      await post(commandPath(id, "come-back"), {});
      await this.follower?.now();
    } catch (error) {
      notes.tell("back", inWords(error));
    }
  }

  /** @param {string | null} instant */
  tellTime(instant) {
    if (!instant) return;
    if (this.deadline && Date.parse(instant) - Date.parse(this.deadline) > 1_000) notes.tell("time", t("room.moreTime", { deadline: dateTime(instant) }), "good");
    this.deadline = instant;
    this.clock.set(instant);
  }

  /** @param {string} question @param {import("../room/saver.js").Standing} standing @param {import("../core/http.js").Problem} [problem] */
  standing(question, standing, problem) {
    const waiting = this.saver?.book.unsaved().length ?? 0;
    if (standing === "late") notes.tell("late", t("room.late"));
    if (standing === "refused" && problem) notes.tell(`refused-${question}`, inWords(problem), "critical");
    if (standing === "offline") this.bar.saved("offline", waiting);
    else this.bar.saved(waiting && standing === "saving" ? "saving" : waiting ? "offline" : "saved", waiting);
  }

  async submit() {
    await this.saver?.flush();
    const waiting = this.saver?.book.unsaved().length ?? 0;
    const isDone = await confirmed({
      title: t("room.submitTitle"),
      text: waiting ? t("room.submitWaiting", { count: waiting }) : t("room.submitText"),
      confirm: t("room.submit"),
      act: async () => void (await post(commandPath(id, "submit"), {})),
    });
    if (isDone) location.replace(`/attempts/${id}`);
  }

  async timeIsUp() {
    await this.saver?.flush();
    this.leave(h("div", { class: "notice good" }, h("h2", {}, t("room.timeIsUp")), h("p", {}, t("room.timeIsUpText"))));
  }

  /** @param {HTMLElement} words */
  leave(words) {
    fill(this.list);
    fill(this.middle, words);
  }
}

function elsewhere() {
  const again = h("button", { type: "button", onClick: () => location.reload() }, t("room.continueHere"));
  return h("div", { class: "notice medium" }, h("h2", {}, t("room.elsewhere")), h("p", {}, t("room.elsewhereText")), again);
}

addEventListener("unhandledrejection", ({ reason }) => notes.place.append(troubleNotice(reason)));
