// The table of a chart: what people read, and the same figures as CSV, exact and in the names of the interface.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";

/**
 * @template Row
 * @typedef {object} Column
 * @property {string} name in the CSV; `dashboard.head.{name}` is its heading
 * @property {(row: Row) => string | number | null | undefined} value exact
 * @property {(row: Row) => Node | string} [shown] without it, the value itself
 * @property {boolean} [isText] numbers stand at the end of their cell
 */

/**
 * @template Row
 * @typedef {{ name: string, columns: Column<Row>[], rows: Row[] }} Plan `name` of the file and, with `dashboard.table.`, of the table
 */

/**
 * @template Row
 * @param {Plan<Row>} plan the first column heads its row
 * @returns {HTMLElement}
 */
export function tableOf({ name, columns, rows }) {
  const caption = t(`dashboard.table.${name}`);
  const heads = columns.map((column, place) => h("th", { scope: "col", class: place && !column.isText ? "number" : null }, t(`dashboard.head.${column.name}`)));
  const lines = rows.map((row) => h("tr", {}, columns.map((column, place) => cell(column, row, place === 0))));
  const table = h("table", {}, h("caption", { class: "unseen" }, caption), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, lines));
  return h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": caption }, table);
}

/**
 * @template Row
 * @param {Column<Row>} column
 * @param {Row} row
 * @param {boolean} isFirst
 */
function cell(column, row, isFirst) {
  const shown = column.shown ? column.shown(row) : String(column.value(row) ?? "–");
  if (isFirst) return h("th", { scope: "row", class: column.isText ? null : "whole" }, shown);
  return h("td", { class: column.isText ? null : "number" }, shown);
}

/**
 * RFC 4180: comma, CRLF, a heading line; missing figures are empty.
 * @template Row
 * @param {Plan<Row>} plan
 */
export function csvOf({ columns, rows }) {
  const lines = [columns.map((column) => column.name), ...rows.map((row) => columns.map((column) => column.value(row)))];
  return lines.map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

/** @param {string | number | null | undefined} value */
function field(value) {
  if (typeof value !== "string") return String(value ?? "");
  // A spreadsheet would take these for a formula.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
