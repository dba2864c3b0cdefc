// Instants in the person's zone with the zone named, and durations in words.

import { serverNow } from "./server-clock.js";
import { language, t } from "./text.js";

let zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * Show instants in this IANA zone from now on: the one of the person's account.
 * @param {string} name
 */
export function setZone(name) {
  zone = name;
}

/** The zone that instants are shown in. */
export function currentZone() {
  return zone;
}

/**
 * "Sunday 22 November 2026 at 14:05 CET"
 * @param {string | Date} instant ISO 8601 or a Date
 */
export function dateTime(instant) {
  return format(instant, {
    weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
}

/**
 * "22 Nov 2026, 14:05": for tables, where the heading names the zone.
 * @param {string | Date} instant
 */
export function shortDateTime(instant) {
  return format(instant, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
}

/**
 * "22 Nov 2026, 14:05:09": for logs.
 * @param {string | Date} instant
 */
export function exactDateTime(instant) {
  return format(instant, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/**
 * "14:05:09"
 * @param {string | Date} instant
 */
export function clockTime(instant) {
  return format(instant, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/**
 * "14:05"
 * @param {string | Date} instant
 */
export function hourAndMinute(instant) {
  return format(instant, { hour: "2-digit", minute: "2-digit" });
}

/**
 * A duration in words, its two largest units: "1 hour 30 minutes".
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const units = [
    ["year", Math.floor(whole / (365 * 86_400))],
    ["day", Math.floor(whole / 86_400) % 365],
    ["hour", Math.floor(whole / 3_600) % 24],
    ["minute", Math.floor(whole / 60) % 60],
    ["second", whole % 60],
  ];
  const first = units.findIndex(([, count]) => Number(count) > 0);
  if (first < 0) return t("shared.duration.second", { count: 0 });
  const named = units.slice(first, first + 2).filter(([, count]) => Number(count) > 0);
  return named.map(([unit, count]) => t(`shared.duration.${unit}`, { count: Number(count) })).join(" ");
}

/**
 * How far away an instant is: "in 5 minutes", "2 hours ago".
 * @param {string | Date} instant
 * @param {number} [now] milliseconds since the epoch
 */
export function relative(instant, now = serverNow()) {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  return t(seconds >= 0 ? "shared.inTime" : "shared.ago", { duration: duration(Math.abs(seconds)) });
}

/**
 * Both, as people plan with the one and feel the other: "in 2 days, on Sunday 22 November 2026 at 14:05 CET".
 * @param {string | Date} instant
 */
export function both(instant) {
  return `${relative(instant)} (${dateTime(instant)})`;
}

/**
 * @param {string | Date} instant
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(instant, options) {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: zone }).format(new Date(instant));
}

/**
 * All zones as options of a select: value and text.
 * @param {string} present one that must be among them
 * @returns {[string, string][]}
 */
export function zoneOptions(present) {
  const known = new Set([present, "UTC", ...Intl.supportedValuesOf("timeZone")]);
  return [...known].sort().map((zone) => [zone, zone.replaceAll("_", " ")]);
}
