// The top of every screen: where one is, where one can go, what is new, and how it looks.

import { announce } from "./announce.js";
import { choose, chosen } from "./choice.js";
import { erase, hasOwner } from "./device.js";
import { byId, fill, h } from "./dom.js";
import { get, post } from "./http.js";
import { areKeysOff, turnKeys } from "./key.js";
import { language, t } from "./text.js";

/** @typedef {import("./screen.js").Person} Person */

/** @type {{ key: string, path: string, roles: string[] | null }[]} without roles it is everybody's */
const ENTRIES = [
  { key: "home", path: "/", roles: null },
  { key: "exams", path: "/exams", roles: ["student"] },
  { key: "wall", path: "/wall", roles: ["proctor", "admin"] },
  { key: "reviews", path: "/reviews", roles: ["grader", "reviewer", "admin"] },
  { key: "search", path: "/search", roles: ["proctor", "admin"] },
  { key: "authoring", path: "/authoring", roles: ["author", "admin"] },
  { key: "dashboards", path: "/dashboards", roles: ["proctor", "grader", "reviewer", "author", "admin"] },
  { key: "people", path: "/people", roles: ["admin"] },
  { key: "system", path: "/system", roles: ["admin"] },
  { key: "outbox", path: "/outbox", roles: ["admin"] },
];

/**
 * @param {Person | null} me null for somebody who is not signed in
 */
export function frame(me) {
  const brand = h("a", { class: "brand", href: "/" }, "ProctorWise");
  fill(
    byId("top"),
    h("div", { class: "top" }, brand, me && navigation(me), h("div", { class: "aside" }, me && bell(), me ? menu(me) : looks())),
  );
}

const FEW = 3; // places that fit beside each other on any screen

/** @param {Person} me */
function navigation(me) {
  const links = ENTRIES.filter(({ roles }) => !roles || me.roles.some((role) => roles.includes(role))).map(({ key, path }) =>
    h("li", {}, h("a", { href: path, "aria-current": location.pathname === path ? "page" : null }, t(`shared.nav.${key}`))),
  );
  const list = h("ul", { id: "places" }, links);
  return h("nav", { "aria-label": t("shared.nav.label") }, links.length > FEW ? unfold() : null, list);
}

/** On a narrow screen many places are folded away, so that the screen itself comes first. */
function unfold() {
  const button = h("button", { type: "button", class: "unfold", "aria-expanded": "false", "aria-controls": "places" }, t("shared.menu"));
  button.addEventListener("click", () => button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") === "false")));
  return button;
}

function bell() {
  const count = h("span", { class: "count", hidden: true });
  const words = h("span", { class: "bell-word" }, t("shared.bell"));
  const link = h("a", { class: "bell", href: "/notifications" }, bellSign(), words, " ", count);
  /** @param {number} unread */
  const show = (unread) => {
    count.hidden = unread === 0;
    fill(count, unread, h("span", { class: "unseen" }, " ", t("shared.bellNew")));
  };
  get("/api/notifications/unread").then(({ unread }) => show(unread), () => count.remove());
  document.addEventListener("notifications-read", () => show(0));
  return link;
}

function bellSign() {
  const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  sign.setAttribute("viewBox", "0 0 24 24");
  sign.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M6 16v-5a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4M12 3v2");
  sign.append(path);
  return sign;
}

function looks() {
  return menuOf(t("shared.looks"), lookFields());
}

/** Escape closes it, and goes back to what opened it. @param {string} name @param {...import("./dom.js").Child} children */
function menuOf(name, ...children) {
  const opener = h("summary", {}, name);
  const element = h("details", { class: "menu" }, opener, h("div", {}, children));
  element.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !element.open) return;
    element.open = false;
    opener.focus();
  });
  return element;
}

function lookFields() {
  const themes = ["", "light", "dark"].map((value) =>
    h("option", { value, selected: value === chosen("theme") }, t(`shared.theme.${value || "device"}`)),
  );
  const theme = h("select", { onChange: () => wear(theme.value) }, themes);
  const languages = [["en", "English"], ["de", "Deutsch"]].map(([value, name]) =>
    h("option", { value, lang: value, selected: value === language }, name),
  );
  const spoken = h("select", { onChange: () => speak(spoken.value) }, languages);
  return [h("label", {}, t("shared.theme.label"), theme), h("label", {}, t("shared.language"), spoken)];
}

/** @param {string} value */
function wear(value) {
  choose("theme", value);
  if (value) document.documentElement.dataset.theme = value;
  else delete document.documentElement.dataset.theme;
  announce(t("shared.theme.changed"));
}

/** @param {string} value */
function speak(value) {
  choose("language", value);
  location.reload();
}

/** @param {Person} me */
function menu(me) {
  const out = h("button", { type: "button", onClick: signOut }, t("shared.signOut"));
  const keys = h("input", { type: "checkbox", checked: !areKeysOff(), onChange: () => turnKeys(keys.checked) });
  return menuOf(
    me.display_name,
    h("span", { class: "quiet small" }, me.email),
    h("a", { href: "/account" }, t("shared.account")),
    lookFields(),
    h("label", { class: "choice" }, keys, h("span", {}, t("shared.singleKeys"))),
    out,
  );
}

async function signOut() {
  if (hasOwner()) {
    // Only somebody who wrote an exam here has anything to send.
    const { sendAll } = await import("../room/belated.js");
    await sendAll();
  }
  await post("/api/users/sessions/end", {});
  await erase();
  location.assign("/sign-in");
}
