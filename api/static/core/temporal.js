// Links into the Temporal UI, for people who operate. A page that shows them needs the texts "temporal".

import { h } from "./dom.js";
import { has, t } from "./text.js";

/**
 * A link into the Temporal UI, in a tab of its own.
 * @param {string} url
 * @param {string} words
 */
export function temporalLink(url, words) {
  return h("a", { href: url, target: "_blank", rel: "noopener", "aria-label": `${words}${t("temporal.newTab")}` }, words);
}

/**
 * A type of workflow in words.
 * @param {string} kind
 */
export function name(kind) {
  return has(`temporal.kind.${kind}`) ? t(`temporal.kind.${kind}`) : kind;
}
