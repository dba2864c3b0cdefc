// The pane of one attempt: live frames beside the identity photo, what may be done, the conversation, what happened.

import { fill, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { dateTime } from "../core/time.js";
import { acts } from "./act.js";
import { livePicture, picture, show } from "./picture.js";
import { TalkPane } from "./talk.js";
import { age, livePath, phase, presence } from "./tile.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./order.js").Tile} Tile */

export class Pane {
  /** @param {() => void} changed @param {(attempt: string) => void} closed */
  constructor(changed, closed) {
    this.changed = changed;
    this.closed = closed;
    this.element = h("aside", { class: "pane", "aria-label": t("wall.pane"), hidden: true });
    this.element.addEventListener("keydown", (event) => {
      const isTyping = event.target instanceof HTMLTextAreaElement; // a message that is half written stays
      if (event.key === "Escape" && !event.defaultPrevented && !isTyping) this.close();
    });
    /** @type {Tile | null} */
    this.tile = null;
    this.head = h("div", {});
    this.state = h("span", {});
    this.talk = new TalkPane(changed);
    /** @type {Timeline | null} */
    this.timeline = null;
    this.shown = "";
    this.capturedAt = "";
  }

  /** @param {Tile} tile */
  async open(tile) {
    const isNew = this.tile?.attempt_id !== tile.attempt_id;
    this.update(tile);
    if (!isNew) return this.focus();
    this.element.hidden = false;
    this.live = h("img", { class: "picture", alt: t("wall.picture", { name: tile.student_name }) });
    this.age = h("figcaption", { class: "quiet small" });
    this.screen = h("img", { class: "picture", alt: t("wall.screen", { name: tile.student_name }) });
    this.screenAge = h("figcaption", { class: "quiet small" });
    this.screenPlace = h("figure", { hidden: true }, this.screen, this.screenAge);
    this.identity = h("figure", {});
    this.timeline = new Timeline(tile.attempt_id, this.changed);
    this.talk.show(tile);
    const close = h("button", { type: "button", onClick: () => this.close() }, t("wall.close"));
    const record = h("a", { href: `/attempts/${tile.attempt_id}/record` }, t("wall.record"));
    fill(this.element, this.head, h("div", { class: "side-by-side" }, h("figure", {}, this.live, this.age), this.identity), this.screenPlace, this.talk.element, h("h3", {}, t("wall.timeline")), this.timeline.list, h("div", { class: "actions" }, close, record));
    this.focus();
    await Promise.all([this.refresh(), this.showIdentity(tile)]);
  }

  /** What the wall knows of it by now. @param {Tile} tile */
  update(tile) {
    this.tile = tile;
    const stamp = `${tile.attempt_id}${tile.phase}${tile.deadline_at}`;
    if (stamp !== this.shown) {
      this.shown = stamp;
      const end = tile.deadline_at ? h("p", {}, t("wall.ends", { at: dateTime(tile.deadline_at) })) : null;
      const hadFocus = this.head.contains(document.activeElement);
      fill(this.head, h("h2", { tabIndex: -1 }, tile.student_name), h("p", {}, phase(tile), " ", this.state), end, acts([tile], this.changed, () => this.focus()));
      if (hadFocus) this.focus();
    }
    fill(this.state, presence(tile));
  }

  focus() {
    this.head.querySelector("h2")?.focus();
  }

  close() {
    const { tile } = this;
    this.tile = null;
    this.shown = "";
    this.element.hidden = true;
    if (this.live?.src) URL.revokeObjectURL(this.live.src);
    if (tile) this.closed(tile.attempt_id);
  }

  async refresh() {
    const { tile } = this;
    if (!tile) return;
    await Promise.all([this.showPicture(tile), this.showScreen(tile), this.timeline?.refresh(tile.health !== null), this.talk.refresh()]);
  }

  /** @param {Tile} tile */
  async showPicture(tile) {
    const path = livePath(tile);
    const found = path ? await livePicture(path) : null;
    if (this.tile?.attempt_id !== tile.attempt_id || !this.live || !this.age) return;
    if (found) show(this.live, found.address);
    if (found) this.capturedAt = found.at;
    this.live.hidden = !this.live.src;
    this.age.textContent = this.live.src ? t("wall.live", { age: age(this.capturedAt) }) : t("wall.noPicture");
  }

  /** The screen, where the exam asks for it and it is shared. @param {Tile} tile */
  async showScreen(tile) {
    if (!tile.shares_screen) return;
    const found = await livePicture(`/api/monitoring/attempts/${tile.attempt_id}/frames/latest?if_any=true&track=screen`);
    if (!found || this.tile?.attempt_id !== tile.attempt_id || !this.screen || !this.screenAge || !this.screenPlace) return;
    show(this.screen, found.address);
    this.screenAge.textContent = t("wall.screenCaption", { age: age(found.at) });
    this.screenPlace.hidden = false;
  }

  /** @param {Tile} tile */
  async showIdentity({ attempt_id: attempt, student_name: name }) {
    const address = await picture(`/api/reservations/attempts/${attempt}/check-in/identity-photo`);
    if (this.tile?.attempt_id !== attempt || !this.identity) return;
    if (address) fill(this.identity, h("img", { class: "picture", src: address, alt: t("wall.identity", { name }) }), h("figcaption", { class: "quiet small" }, t("wall.identityCaption")));
    else fill(this.identity, h("figcaption", { class: "quiet" }, t("wall.noIdentity")));
  }
}
