// The bar of the room: the exam's name, the time left, what is saved, whether one is connected and seen.

import { byId, fill, h } from "../core/dom.js";
import { status } from "../core/status.js";
import { t } from "../core/text.js";

/** @param {string} title */
export function bar(title) {
  const time = h("span", { class: "time", role: "timer" });
  const saved = h("span", { role: "status" });
  const link = h("span", { role: "status" });
  fill(byId("top"), h("div", { class: "top room-bar" }, h("strong", { class: "exam-name" }, title), time, saved, link));
  let standing = "";
  let connection = "";
  return {
    time,
    /** @param {"saved" | "saving" | "held" | "offline"} next @param {number} waiting answers that are not sent */
    saved(next, waiting) {
      const key = `${next}-${waiting}`;
      if (key === standing) return;
      standing = key;
      const shown = next === "saved" ? status("good", t("room.saved")) : next === "saving" ? status("waiting", t("room.saving")) : next === "held" ? status("medium", t("room.held", { count: waiting })) : status("medium", t("room.waiting", { count: waiting }));
      fill(saved, shown);
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
