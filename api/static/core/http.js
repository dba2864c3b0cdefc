// Asks the interface: JSON in and out, problems as errors with words, a session that renews itself. Each answer tells the server's time.

import { learn } from "./server-clock.js";

/** @typedef {{ in: string, pointer: string, problem: string, advice?: string }} FieldProblem */

/** A refusal of the interface (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {any} document
   * @param {number | null} retryAfter seconds
   */
  constructor(status, document, retryAfter) {
    super(document.detail ?? document.title ?? `status ${status}`);
    this.status = status;
    this.type = String(document.type ?? "").replace("/problems/", "");
    this.title = String(document.title ?? "");
    this.reference = /** @type {string | undefined} */ (document.reference);
    // Other lists of errors, such as an import's by line, name no field.
    this.fields = /** @type {FieldProblem[]} */ (document.errors ?? []).filter((one) => one.pointer !== undefined);
    this.document = document;
    this.retryAfter = retryAfter;
  }
}

/** Nobody answered: no network, no server, or something between here and there that answers in the server's place. */
export class Unreachable extends Error {}

/**
 * Whether nobody was there who could have judged the request: it may be asked again as it is.
 * @param {unknown} error
 */
export function isAway(error) {
  return error instanceof Unreachable || (error instanceof Problem && error.status >= 500);
}

/**
 * Whether waiting, or signing in again, may mend it.
 * @param {unknown} error
 */
export function isPassing(error) {
  return isAway(error) || (error instanceof Problem && [401, 408, 429].includes(error.status));
}

/**
 * Whether the exam stands still: what was refused is taken once it goes on.
 * @param {unknown} error
 */
export function isHeld(error) {
  return error instanceof Problem && error.type === "illegal_move" && ("retry_when" in error.document || "stopped_at" in error.document);
}

// A network that swallows everything never says so: after this long nobody answers any more, and asking again may help.
const PATIENCE = 30_000;

/** @typedef {{ body?: unknown, key?: string, headers?: Record<string, string>, signal?: AbortSignal, keepalive?: boolean }} Options */

/** @param {string} path @param {Options} [options] @returns {Promise<any>} */
export const get = (path, options) => ask("GET", path, options);
/** @param {string} path @param {unknown} [body] @param {Options} [options] @returns {Promise<any>} */
export const post = (path, body, options) => ask("POST", path, { ...options, body });
/** @param {string} path @param {unknown} [body] @param {Options} [options] @returns {Promise<any>} */
export const put = (path, body, options) => ask("PUT", path, { ...options, body });
/** @param {string} path @param {unknown} [body] @param {Options} [options] @returns {Promise<any>} */
export const patch = (path, body, options) => ask("PATCH", path, { ...options, body });

/**
 * One request. A POST carries an Idempotency-Key, `key` where the caller repeats itself.
 * Raises Problem and Unreachable.
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<any>} the JSON, or null without a body
 */
export async function ask(method, path, options = {}) {
  const response = await fetched(method, path, options);
  return response.status === 204 ? null : await answered(response.json());
}

/**
 * The same, answered with the response: for pictures and files.
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Response>}
 */
export async function fetched(method, path, options = {}) {
  const request = { ...options, key: options.key ?? (method === "POST" ? crypto.randomUUID() : undefined) };
  const renewals = localStorage.getItem(RENEWALS);
  let response = await send(method, path, request);
  if (response.status === 401 && !path.startsWith("/api/users/sessions") && (await renewed(renewals))) {
    response = await send(method, path, request);
  }
  if (!response.ok) throw await problem(response);
  // The interface never answers with a page: that is a captive portal's.
  if (response.headers.get("Content-Type")?.includes("text/html")) throw new Unreachable("a page in place of an answer");
  return response;
}

/** @param {string} method @param {string} path @param {Options} options */
async function send(method, path, { body, key, headers, signal, keepalive }) {
  const isRaw = body instanceof Blob || typeof body === "string";
  const sent = new Headers(headers);
  sent.set("Accept-Language", document.documentElement.lang); // in which refusals are told
  if (body !== undefined && !isRaw) sent.set("Content-Type", "application/json");
  if (key) sent.set("Idempotency-Key", key);
  const content = body === undefined || isRaw ? /** @type {Blob | string | undefined} */ (body) : JSON.stringify(body);
  const until = signal ?? AbortSignal.timeout(PATIENCE);
  const asked = performance.now();
  const response = await answered(fetch(path, { method, headers: sent, body: content, signal: until, cache: "no-store", keepalive }));
  learn(response.headers.get("X-Server-Time") ?? "", asked);
  return response;
}

/**
 * The network's errors as ours; what the caller itself called off stays so.
 * @template T
 * @param {Promise<T>} coming
 * @returns {Promise<T>}
 */
async function answered(coming) {
  try {
    return await coming;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
}

const RENEWALS = "pw-session-renewals"; // counted, as clocks may be set

/**
 * A refresh token works once, so of all tabs one renews, and the others find it done.
 * @param {string | null} known how often it was renewed when the refused request began
 * @returns {Promise<boolean>}
 */
export async function renewed(known) {
  return navigator.locks.request("pw-session", async () => {
    const renewals = localStorage.getItem(RENEWALS);
    if (renewals !== known) return true;
    const response = await send("POST", "/api/users/sessions/refresh", {});
    if (response.ok) localStorage.setItem(RENEWALS, String(Number(renewals) + 1));
    return response.ok;
  });
}

/** @param {Response} response */
async function problem(response) {
  // A captive portal or a proxy refuses in its own words; the server was not asked, so asking again may help.
  if (response.status < 500 && !response.headers.get("Content-Type")?.includes("json")) throw new Unreachable(`status ${response.status}`);
  const document = await response.json().catch(() => ({ title: response.statusText }));
  const seconds = Number(response.headers.get("Retry-After"));
  return new Problem(response.status, document, seconds > 0 ? seconds : null);
}
