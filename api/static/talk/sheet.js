// The student's side sheet: messages from and to the proctors, and the raised hand; it stands beside, never over an answer.

import { announce } from "../core/announce.js";
import { fill, freshId, h } from "../core/dom.js";
import { t } from "../core/text.js";
import { Hand } from "./hand.js";
import { Line } from "./line.js";
import { sign } from "./sign.js";
import { Thread } from "./thread.js";

/** @typedef {import("./conversation.js").Said} Said */

export class Sheet {
  /** @param {string} opener the key of what its button says */
  constructor(opener) {
    this.opener = opener;
    /** @type {Line | null} */
    this.line = null;
    this.counted = -1;
    this.thread = new Thread({ label: t("talk.messages"), field: t("talk.toProctor"), say: (text) => this.line?.say(text) });
    this.hands = [new Hand((raised) => this.line?.hand(raised)), new Hand((raised) => this.line?.hand(raised))];
    this.title = h("h2", { tabIndex: -1, id: freshId() }, t("talk.title"));
    const close = h("button", { type: "button", class: "link", onClick: () => this.toggle(false) }, t("talk.close"));
    this.element = h("aside", { class: "sheet", id: freshId(), hidden: true, "aria-labelledby": this.title.id }, h("div", { class: "sheet-head" }, this.title, close), h("p", { class: "small quiet" }, t("talk.lead")), this.hands[0].element, this.thread.element);
    this.button = h("button", { type: "button", "aria-expanded": "false", "aria-controls": this.element.id, onClick: () => this.toggle(Boolean(this.element.hidden)) });
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.toggle(false);
    });
    this.showCount(0);
  }

  /** The raised hand once more, for the bar. */
  get hand() {
    return this.hands[1].element;
  }

  /** @param {string} id the attempt */
  async open(id) {
    this.line = await Line.open(id, { changed: () => this.show(), heard: (fresh) => this.hear(fresh) });
    addEventListener("visibilitychange", () => this.read());
  }

  /** @param {boolean} isOpen */
  toggle(isOpen) {
    this.element.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
    this.element.parentElement?.classList.toggle("talking", isOpen);
    if (!isOpen) return this.button.focus();
    this.thread.list.scrollTop = this.thread.list.scrollHeight;
    this.title.focus();
    this.read();
  }

  show() {
    if (!this.line) return;
    const { conversation, outgoing, wish, isReached } = this.line;
    const { standing } = conversation;
    const waiting = outgoing.waiting.map((one) => ({
      who: t("talk.you"), text: one.text, at: null, isMine: true, trouble: one.trouble,
      state: one.trouble ? "" : t(isReached ? "talk.sending" : "talk.waits"),
      drop: one.trouble ? () => this.line?.drop(one.key) : undefined,
    }));
    this.thread.show([...conversation.said.map((one) => this.entry(one)), ...waiting], standing?.is_open ?? true);
    const said = this.hands.map((hand) => hand.show(standing, wish, isReached));
    if (said[0]) announce(said[0]);
    this.showCount(standing?.unread ?? 0);
    if (standing) this.button.hidden = !standing.is_open && !conversation.said.length && !waiting.length;
    this.read();
  }

  /** @param {Said} one @returns {import("./thread.js").Entry} */
  entry(one) {
    const isSeen = one.number <= (this.line?.conversation.standing?.read_by_proctors ?? 0);
    return { who: t(one.is_mine ? "talk.you" : "talk.proctor"), text: one.text, at: one.at, isMine: one.is_mine, state: one.is_mine ? t(isSeen ? "talk.seen" : "talk.sent") : "" };
  }

  /** @param {Said[]} fresh */
  hear(fresh) {
    for (const one of fresh) announce(t("talk.news", { text: one.text }));
  }

  /** What is in front of the person's eyes counts as read. */
  async read() {
    if (!this.element.hidden && !document.hidden) await this.line?.read();
  }

  /** @param {number} count */
  showCount(count) {
    if (count === this.counted) return;
    this.counted = count;
    const badge = count ? h("span", { class: "count" }, count, h("span", { class: "unseen" }, " ", t("talk.unread"))) : null;
    fill(this.button, sign("message"), t(this.opener), badge);
  }
}
