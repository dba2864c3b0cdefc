// The bar of the room: the exam's name, the time left, what is saved, whether one is connected and seen.

import { byId, fill, h } from "../core/dom.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";
import { notTakenLink } from "./not-taken.js";

/** @param {string} title */
export function bar(title) {
  const time = h("span", { class: "time", role: "timer" });
  const saved = h("span", { role: "status" });
  const notTaken = h("span", { role: "status" });
  const link = h("span", { role: "status" });
  fill(byId("top"), h("div", { class: "top room-bar" }, h("strong", { class: "exam-name" }, title), time, notTaken, saved, link));
  let sending = "";
  let missing = "";
  let connection = "";
  return {
    time,
    /** @param {import("./saver.js").Standing} standing of the answer last heard of @param {number} waiting answers that are not sent */
    saved(standing, waiting) {
      const next = !waiting ? "saved" : standing === "saving" || standing === "held" ? standing : "offline";
      const key = `${next}-${waiting}`;
      if (key === sending) return;
      sending = key;
      const shown = next === "saved" ? status("good", t("room.saved")) : next === "saving" ? status("waiting", t("room.saving")) : next === "held" ? status("medium", t("room.held", { count: waiting })) : status("medium", t("room.waiting", { count: waiting }));
      saved.dataset.standing = next;
      fill(saved, shown);
    },
    /**
     * Beside an answer that is not saved nobody reads that all are.
     * @param {number[]} places @param {(place: number) => void} open @param {() => number} present the open question
     */
    notTaken(places, open, present) {
      const key = places.join();
      if (key === missing) return;
      missing = key;
      notTaken.parentElement?.classList.toggle("not-all", places.length > 0);
      fill(notTaken, places.length > 0 && notTakenLink(places, open, present));
    },
    /** @param {boolean} isOpen @param {boolean} isBlocked */
    connection(isOpen, isBlocked) {
      const key = `${isOpen}-${isBlocked}`;
      if (key === connection) return;
      connection = key;
      const shown = !isOpen ? status("medium", t("room.offline")) : isBlocked ? status("medium", t("room.notSeen")) : status("good", t("room.connected"));
      fill(link, shown);
    },
  };
}
