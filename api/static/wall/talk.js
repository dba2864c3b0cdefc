// The conversation with one student in the pane, and what a tile shows of it: the raised hand and unread messages.

import { fill, h } from "../core/dom.js";
import { isLost } from "../core/focus.js";
import { Problem, Unreachable } from "../core/http.js";
import { t } from "../core/text.js";
import { hourAndMinute } from "../core/time.js";
import { inWords, refusalNotice } from "../core/trouble.js";
import { Conversation } from "../talk/conversation.js";
import { sign } from "../talk/sign.js";
import { Thread } from "../talk/thread.js";

/** @typedef {import("./order.js").Tile} Tile */
/** @typedef {{ key: string, text: string, trouble: string }} Draft */

export class TalkPane {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.element = h("section", { "aria-label": t("talk.messages") });
    /** @type {{ tile: Tile, conversation: Conversation, thread: Thread, hand: HTMLElement, trouble: HTMLElement, drafts: Draft[] } | null} */
    this.open = null;
  }

  /** Show the conversation with this student. @param {Tile} tile */
  show(tile) {
    if (this.open?.tile.attempt_id === tile.attempt_id) return;
    const thread = new Thread({ label: t("talk.messages"), field: t("talk.toStudent", { name: tile.student_name }), say: (text) => this.say(text) });
    this.open = { tile, conversation: new Conversation(tile.attempt_id), thread, hand: h("div", {}), trouble: h("div", {}), drafts: [] };
    fill(this.element, h("h3", {}, t("talk.messages")), this.open.hand, this.open.trouble, thread.element);
  }

  /** Hear what is new; what is in sight down to its last word counts as read. */
  async refresh() {
    const { open } = this;
    if (!open) return;
    await open.conversation.hear();
    if (this.open !== open) return;
    this.arrange();
    if (open.conversation.standing?.unread && isInSight(open.thread.list.lastElementChild)) await open.conversation.read();
  }

  arrange() {
    const { open } = this;
    if (!open) return;
    const { said, standing } = open.conversation;
    const entries = said.map((one) => {
      const isSeen = one.number <= (standing?.read_by_student ?? 0);
      const who = one.is_mine ? t("talk.you") : one.author_name || open.tile.student_name;
      return { who, text: one.text, at: one.at, isMine: one.role === "proctor", state: one.role === "proctor" ? t(isSeen ? "talk.seenByStudent" : "talk.sent") : "" };
    });
    const drafts = open.drafts.map((one) => ({
      who: t("talk.you"), text: one.text, at: null, isMine: true, state: one.trouble ? "" : t("talk.sending"), trouble: one.trouble, drop: one.trouble ? () => this.drop(one) : undefined,
    }));
    open.thread.show([...entries, ...drafts], standing?.is_open ?? true);
    this.showHand(standing?.hand_raised_at ?? null);
  }

  /** @param {string | null} since */
  showHand(since) {
    const { open } = this;
    if (!open || open.hand.dataset.since === String(since)) return;
    open.hand.dataset.since = String(since);
    const lower = h("button", { type: "button", onClick: () => this.lower() }, t("talk.hand.lower"));
    fill(open.hand, since && h("p", { class: "hand" }, handMark(since), lower));
  }

  async lower() {
    const { open } = this;
    try {
      await open?.conversation.hand(false);
      this.arrange();
      if (isLost()) open?.thread.area.focus();
      this.changed();
    } catch (error) {
      if (open) fill(open.trouble, refusalNotice(error));
    }
  }

  /** @param {string} text */
  async say(text) {
    const { open } = this;
    if (!open) return;
    const draft = { key: crypto.randomUUID(), text, trouble: "" };
    open.drafts.push(draft);
    this.arrange();
    try {
      await open.conversation.say(text, draft.key);
      open.drafts = open.drafts.filter((one) => one !== draft);
      await open.conversation.hear();
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      draft.trouble = inWords(error);
    }
    this.arrange();
  }

  /** Put away what was not sent, back into the field where that is empty. @param {Draft} draft */
  drop(draft) {
    const { open } = this;
    if (!open) return;
    open.drafts = open.drafts.filter((one) => one !== draft);
    open.thread.area.value ||= draft.text;
    this.arrange();
    open.thread.area.focus();
  }
}

/** What a tile shows: a hand that is up, and messages that no proctor has read. @param {Tile} tile */
export function talkMarks(tile) {
  const { hand_raised_at: since, unread_messages: count } = tile;
  if (!since && !count) return null;
  const unread = count ? h("span", { class: "status medium" }, sign("message"), t("talk.marks", { count })) : null;
  return h("p", { class: "hand" }, since ? handMark(since) : null, unread);
}

/** @param {string} since */
function handMark(since) {
  return h("span", { class: "status high" }, sign("hand"), t("talk.hand.since", { time: hourAndMinute(since) }));
}

/** Whether its end is on the screen. @param {Element | null} element */
function isInSight(element) {
  if (!element || document.hidden) return false;
  const { bottom } = element.getBoundingClientRect();
  return bottom > 0 && bottom <= innerHeight;
}
