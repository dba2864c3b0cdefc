// When a record was made, by the server's clock.

import { serverNow } from "../core/server-clock.js";

let latest = 0;

/** Within a connection, what is recorded later has a later time, whatever becomes known of the server's clock meanwhile. */
export function recordTime() {
  latest = Math.max(latest + 1, Math.round(serverNow()));
  return latest;
}

/** A new connection is judged by itself, and its server's clock may have been set back: what is recorded from now on follows that one. */
export function followServer() {
  latest = Math.min(latest, Math.round(serverNow()));
}
