// Holds: asks why, says what it means, and sets or releases them on one attempt or several.

import { announce } from "../core/announce.js";
import { confirmed } from "../core/dialog.js";
import { post } from "../core/http.js";
import { t } from "../core/text.js";

/**
 * @param {string[]} attempts
 * @param {"hold" | "release"} act
 * @returns {Promise<boolean>} whether it was done
 */
export async function askHold(attempts, act) {
  const count = attempts.length;
  const isDone = await confirmed({
    title: t(`hold.${act}.title`, { count }),
    text: t(`hold.${act}.text`),
    confirm: t(`hold.${act}.confirm`),
    fields: [{ name: "reason", label: t("hold.reason"), hint: t("hold.reasonHint"), type: "textarea", more: { maxLength: 4_000 } }],
    act: async ({ reason }) => void (await post(act === "hold" ? "/api/reservations/holds" : "/api/reservations/holds/release", { attempt_ids: attempts, reason })),
  });
  if (isDone) announce(t(`hold.${act}.done`, { count }));
  return isDone;
}
