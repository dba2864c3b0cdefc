// Runs a screen: who is here, the frame around it, its body, and what to say when that fails.

import { belongTo, hasOwner } from "./device.js";
import { byId, fill, h } from "./dom.js";
import { frame } from "./frame.js";
import { get, isAway, Problem } from "./http.js";
import { t } from "./text.js";
import { setZone } from "./time.js";
import { troubleNotice } from "./trouble.js";

/**
 * @typedef {object} Person
 * @property {string} person_id
 * @property {string} email
 * @property {string} display_name
 * @property {string} student_number
 * @property {string} time_zone
 * @property {string} language
 * @property {string[]} roles
 * @property {boolean} [belongs_to_institution]
 */

/** @typedef {(main: HTMLElement, me: Person) => Promise<void> | void} Body */

/**
 * @typedef {object} Options
 * @property {string[]} [roles] who it is for; everybody without
 * @property {() => Promise<Person | null>} [kept] who was last here, for a screen that works without network
 */

const PATIENCE = 4_000; // milliseconds until a screen that works without network does so

/**
 * A screen for people who are signed in; others are asked to sign in first and come back here.
 * @param {Body} body fills the main column, below the heading
 * @param {Options} [options]
 */
export async function screen(body, options = {}) {
  const main = byId("main");
  try {
    const me = await whoIsHere(options.kept);
    setZone(me.time_zone);
    frame(me);
    if (hasOwner() && !options.kept) sendWhatWaits();
    if (!options.roles || options.roles.some((role) => me.roles.includes(role))) await shown(main, () => body(main, me));
    else fill(content(main), h("p", { class: "notice" }, t("shared.notForYou", { roles: roleNames(options.roles) })));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return signIn();
    frame(null);
    fill(content(main), troubleNotice(error, () => location.reload()));
  }
}

/** An exam that was left while answers waited has them sent from whatever screen comes next. */
async function sendWhatWaits() {
  const { sendAll } = await import("../room/belated.js");
  // Without network they wait on; nobody came to this screen for them.
  await sendAll().catch((error) => console.warn(String(error)));
}

/** @param {Options["kept"]} kept @returns {Promise<Person>} */
async function whoIsHere(kept) {
  const person = await kept?.();
  try {
    const me = await get("/api/users/me", person ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    await belongTo(me.person_id);
    return me;
  } catch (error) {
    if (person && isAway(error)) return person;
    throw error;
  }
}

/**
 * A screen for anybody.
 * @param {(main: HTMLElement) => Promise<void> | void} body
 */
export async function openScreen(body) {
  frame(null);
  await shown(byId("main"), body);
}

/**
 * The part of the main column below its heading, made once.
 * @param {HTMLElement} main
 * @returns {HTMLElement}
 */
export function content(main) {
  const present = main.querySelector("#content");
  if (present instanceof HTMLElement) return present;
  const made = h("div", { id: "content" });
  byId("loading").replaceWith(made);
  return made;
}

/** Ask to sign in, and come back to this page. */
export function signIn() {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/**
 * A list of roles for people.
 * @param {string[]} roles
 */
export function roleNames(roles) {
  return roles.map((role) => t(`shared.role.${role}`)).join(", ");
}

/** @param {HTMLElement} main @param {(main: HTMLElement) => Promise<void> | void} body */
async function shown(main, body) {
  try {
    await body(main);
  } catch (error) {
    fill(content(main), troubleNotice(error, () => shown(main, body)));
  }
}
