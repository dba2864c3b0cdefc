// Which of several sittings counts.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";

/** Whether this one counts, where there are several. @param {{ counts: boolean | null, sittings: number }} attempt @param {string} area of the texts */
export function counted({ counts, sittings }, area) {
  if (sittings < 2 || counts === null) return null;
  return h("p", {}, t(`${area}.${counts ? "yes" : "no"}`, { count: sittings }));
}
