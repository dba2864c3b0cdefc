// The order of the tiles: worst first, and stable: a tile moves only when its rank really changed.

/**
 * @typedef {object} Tile
 * @property {string} attempt_id
 * @property {string} student_id
 * @property {string} student_name
 * @property {string} phase
 * @property {number} risk
 * @property {string | null} deadline_at
 * @property {{ presence: string, is_healthy: boolean, last_record_at: string | null, troubles: string[], reasons: { trouble: string, seconds: number | null, detail: string }[] } | null} health
 * @property {{ incident_id: string, kind: string, severity: string, started_at: string, ended_at: string | null, acknowledged_by: string | null } | null} last_incident
 * @property {{ percent: number, is_short: boolean } | null} [coverage]
 * @property {boolean} [shares_screen]
 * @property {string | null} hand_raised_at
 * @property {number} unread_messages
 * @property {number} [alerts] critical incidents that nobody has seen
 */

export const FILTERS = ["all", "waiting", "writing", "paused", "asking", "trouble", "done"];
const SEVERITIES = ["low", "medium", "high", "critical"];

const CRITICAL = 1_000; // a critical incident that nobody has seen comes before everything
const HAND = 100; // then somebody who asks for a person

/**
 * How much a tile needs somebody, the larger the more.
 * @param {Tile} tile
 */
export function rank(tile) {
  const incident = tile.last_incident;
  const isOpen = incident && !incident.ended_at && !incident.acknowledged_by;
  const severity = incident && isOpen ? SEVERITIES.indexOf(incident.severity) + 1 : 0;
  const waits = tile.phase === "awaiting_admission" ? 1 : 0;
  const silent = tile.health && !tile.health.is_healthy && tile.phase === "in_progress" ? 1 : 0;
  const risk = tile.risk >= 20 ? 2 : tile.risk >= 8 ? 1 : 0;
  const calls = (tile.alerts || severity === SEVERITIES.length ? CRITICAL : 0) + (tile.hand_raised_at ? HAND : 0);
  return calls + severity * 10 + waits * 8 + silent * 6 + (tile.unread_messages ? 5 : 0) + risk * 3;
}

/**
 * The tiles in their new order; equal ranks keep the order they had.
 * @param {Tile[]} tiles
 * @param {string[]} before attempt ids as they stood
 * @returns {Tile[]}
 */
export function ordered(tiles, before) {
  const place = new Map(before.map((id, index) => [id, index]));
  const stood = (/** @type {Tile} */ tile) => place.get(tile.attempt_id) ?? before.length;
  return [...tiles].sort((a, b) => rank(b) - rank(a) || stood(a) - stood(b));
}

/**
 * Whether a tile belongs to what is filtered for.
 * @param {Tile} tile
 * @param {string} filter one of FILTERS
 */
export function fits(tile, filter) {
  if (filter === "done") return tile.phase === "submitted";
  if (filter === "waiting") return tile.phase === "awaiting_admission";
  if (filter === "writing") return tile.phase === "in_progress";
  if (filter === "paused") return tile.phase === "paused" || tile.phase === "terminated";
  if (filter === "asking") return Boolean(tile.hand_raised_at || tile.unread_messages);
  if (filter === "trouble") return tile.risk > 0 || (tile.health !== null && !tile.health.is_healthy);
  return true;
}
