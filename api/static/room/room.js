// The room itself: the paper, the clock, saving, being seen, and what proctors do, all on one quiet page.

import { commandPath } from "../attempt/attempt.js";
import { follow } from "../attempt/follow.js";
import { confirmed } from "../core/dialog.js";
import { byId, fill, h } from "../core/dom.js";
import { post } from "../core/http.js";
import { t } from "../core/text.js";
import { dateTime } from "../core/time.js";
import { inWords } from "../core/trouble.js";
import { talkInRoom } from "../talk/mount.js";
import { bar } from "./bar.js";
import { settle } from "./belated.js";
import { Desk } from "./desk.js";
import { leaving } from "./leaving.js";
import { submitWords } from "./not-taken.js";
import { Notes } from "./note.js";
import { elsewhere, paused, timeIsUp } from "./notice.js";
import { ownPicture, Picture } from "./picture.js";
import { Saver } from "./saver.js";
import { sight } from "./sight.js";
import { TimeLeft } from "./time-left.js";
import { wake } from "./wake.js";
import { watch } from "./watch.js";

/** @typedef {import("../attempt/attempt.js").Attempt} Attempt */

export class Room {
  /** @param {import("./seat.js").Seat} seat @param {HTMLElement} place @param {string} title */
  constructor(seat, place, title) {
    byId("main").querySelector("h1")?.classList.add("unseen");
    this.seat = seat;
    this.id = seat.kept.attempt;
    this.notes = new Notes();
    this.video = h("video", { muted: true, playsInline: true, autoplay: true, "aria-label": t("room.camera") });
    this.bar = bar(title);
    this.time = new TimeLeft(this.id, this.bar.time, {
      more: (instant) => this.notes.tell("time", t("room.moreTime", { deadline: dateTime(instant) }), "good"),
      heard: (attempt) => this.heard(attempt),
      up: () => this.timeIsUp(),
      unknown: (isUnknown) => (isUnknown ? this.notes.keep("end", t("room.endUnknown")) : this.notes.withdraw("end")),
    });
    this.middle = h("div", { class: "room-middle" });
    this.list = h("div", {});
    this.picture = new Picture(this.notes, () => this.watching);
    /** @type {Saver | null} */
    this.saver = null;
    /** @type {Desk | null} */
    this.desk = null;
    fill(place, this.notes.place, h("div", { class: "room-grid" }, this.list, this.middle, ownPicture(this.video, this.picture.screen.sign)));
    talkInRoom(this.id, this.middle);
  }

  /** @param {Attempt} attempt */
  async open(attempt) {
    const watching = watch(this.id, this.video, {
      state: ({ isOpen }) => this.bar.connection(isOpen, this.picture.isBad),
      light: (isBlocked) => this.picture.light(isBlocked),
      ended: (code) => (code === 4409 ? this.goneElsewhere() : undefined),
      happened: (kind) => this.notes.happened(kind),
      camera: (reason) => this.picture.camera(reason),
      screen: this.picture.screen,
      isMine: async () => !(await this.saver?.isOvertaken()),
    });
    this.watching = watching;
    if (this.seat.isAlone) this.bar.connection(false, false);
    this.blind = sight(this.id, this.notes, (isUnseen) => this.picture.seen(isUnseen));
    this.unwake = wake(() => this.lookAround());
    this.unleave = leaving(() => {
      this.desk?.collect();
      this.saver?.leave();
    });
    await this.stand(attempt);
    this.follower = follow(this.id, (changed) => this.heard(changed), () => this.bar.connection(false, false));
  }

  /** After a sleep or a change of networks nothing is as it was known: everything is asked and sent again. */
  lookAround() {
    this.watching?.hurry();
    this.time.clock.tick();
    this.saver?.flush();
    this.follower?.now();
  }

  /** The server says how the attempt stands. @param {Attempt} attempt */
  async heard(attempt) {
    await this.seat.keep({ state: attempt });
    if (this.saver?.isBehind && (await this.saver.catchUp())) this.desk?.renew();
    await this.stand(attempt);
  }

  /** Show the room as the attempt stands now. @param {Attempt} attempt */
  async stand(attempt) {
    if (attempt.phase === "paused") return this.pause(attempt);
    this.time.tell(attempt.deadline_at);
    if (attempt.phase === "in_progress") return this.write();
    await this.saver?.flush();
    await this.go();
  }

  /** It is over: nothing is recorded and nothing kept any more. */
  async go() {
    this.end();
    await settle(this.id);
    location.replace(`/attempts/${this.id}`);
  }

  end() {
    this.watching?.stop();
    this.follower?.stop();
    this.time.stop();
    for (const stop of [this.blind, this.unwake, this.unleave]) stop?.();
  }

  async write() {
    if (this.desk) return this.showDesk();
    const paper = await this.seat.paper();
    const saver = await Saver.open(this.id, this.seat.kept.epoch, {
      standing: (question, standing, problem) => this.standing(question, standing, problem),
      deadline: (instant) => this.time.tell(instant),
      began: (epoch) => this.seat.keep({ epoch }),
      changed: () => this.desk?.renew(),
      unkept: () => this.notes.keep("unkept", t("room.unkept")),
    });
    this.saver = saver;
    this.desk = new Desk({
      attempt: this.id,
      sections: paper.sections,
      book: saver.book,
      notTaken: (places) => this.bar.notTaken(places, (place) => this.desk?.open(place), () => this.desk?.place ?? 0),
      changed: (question, value, seconds, typed) => saver.change(question, value, seconds, typed),
      submit: () => this.submit(),
    });
    this.bar.saved("offline", this.waiting);
    this.showDesk();
  }

  showDesk() {
    if (!this.desk || this.time.isUp || this.middle.contains(this.desk.middle)) return;
    fill(this.list, this.desk.list);
    fill(this.middle, this.desk.middle);
    this.saver?.flush(); // what was refused while the exam stood still
  }

  /** @param {Attempt} attempt */
  pause(attempt) {
    const ready = h("button", { type: "button", class: "primary", onClick: () => this.comeBack() }, t("room.ready"));
    const next = attempt.student_is_back ? h("p", { role: "status" }, t("room.saidReady")) : ready;
    this.time.stand(t("room.clockStands"));
    this.leave(paused(next));
  }

  async comeBack() {
    try {
      await post(commandPath(this.id, "come-back"), {});
      await this.follower?.now();
    } catch (error) {
      this.notes.tell("back", inWords(error));
    }
  }

  /** @param {string} question @param {import("./saver.js").Standing} standing @param {import("../core/http.js").Problem} [problem] */
  standing(question, standing, problem) {
    this.notes.standing(question, standing, problem);
    if (standing === "refused") this.desk?.showList();
    this.bar.saved(standing, this.waiting);
  }

  get waiting() {
    return this.saver?.book.unsaved().length ?? 0;
  }

  async submit() {
    await this.saver?.flush();
    const isDone = await confirmed({
      title: t("room.submitTitle"),
      text: submitWords(this.waiting, this.desk?.notTaken() ?? []),
      confirm: t("room.submit"),
      act: async () => void (await post(commandPath(this.id, "submit"), {})),
    });
    if (isDone) await this.go();
  }

  async timeIsUp() {
    const isSent = await this.saver?.flush();
    if (this.time.isUp) this.leave(timeIsUp(isSent === false ? this.waiting : 0));
  }

  /** Another window or device has taken over. */
  goneElsewhere() {
    this.end();
    this.leave(elsewhere());
  }

  /** @param {HTMLElement} words */
  leave(words) {
    fill(this.list);
    fill(this.middle, words);
  }
}
