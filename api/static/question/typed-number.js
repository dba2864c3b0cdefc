// What a typed number means: the rule of schema/number/typed.py, for the field that shows what it understood.

/**
 * @typedef {object} Reading
 * @property {string | null} value in digits, with a point before the decimals
 * @property {"" | "unclear" | "ambiguous" | "too_long"} doubt
 * @property {string[]} choices what an ambiguous text may mean
 */

const MOST_DIGITS = 15; // before the decimals, and as many decimals
const LONGEST = 100; // characters that are looked at

const ZEROS = "0٠۰०০੦૦୦௦౦೦൦๐໐༠၀០᠐０";
const INVISIBLE = /[\u00ad\u061c\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u206f]/g;
const SPACES = /[\t\n\r\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const MINUS = /[−﹣－‐‑‒–]/g;
const APOSTROPHES = /['‘’ʼ٬]/g;
const NUMBER = /^([+-]?) ?([0-9.,’ ]*[0-9.,])(?:[eE]([+-]?[0-9]{1,3}))?$/;
const WHOLE_AND_DECIMALS = /^([0-9]*)(?:([.,])([0-9]*))?$/;
const THOUSANDS = /^([1-9][0-9]{0,2})(?:([ ’.,])[0-9]{3})(?:\2[0-9]{3})*(?:([.,])([0-9]+))?$/;
const MAYBE_THOUSANDS = /^[1-9][0-9]{0,2}$/;

/**
 * @param {string} text
 * @returns {Reading}
 */
export function readNumber(text) {
  const found = text.length <= LONGEST ? plain(text).match(NUMBER) : null;
  const readings = found ? readingsOf(found[2]) : [];
  if (!found || !readings.length) return { value: null, doubt: "unclear", choices: [] };
  const values = readings.map((each) => valueOf(found[1], each, Number(found[3] ?? 0)));
  const fitting = values.filter((each) => each !== null);
  if (fitting.length < values.length) return { value: null, doubt: "too_long", choices: [] };
  return fitting.length === 1 ? { value: fitting[0], doubt: "", choices: [] } : { value: null, doubt: "ambiguous", choices: fitting };
}

/** The same with the signs that the rule is written in. @param {string} text */
function plain(text) {
  const same = text.replace(INVISIBLE, "").replace(SPACES, " ").replace(MINUS, "-").replace(APOSTROPHES, "’");
  return Array.from(same, digit).join("").replaceAll("＋", "+").replace(/[٫．]/g, ".").replaceAll("，", ",").replace(/^ +| +$/g, "");
}

/** @param {string} letter */
function digit(letter) {
  const code = letter.charCodeAt(0);
  const zero = Array.from(ZEROS).find((each) => code >= each.charCodeAt(0) && code < each.charCodeAt(0) + 10);
  return zero ? String(code - zero.charCodeAt(0)) : letter;
}

/** The number, or the numbers, that digits and separators may mean, with a point before the decimals. @param {string} body @returns {string[]} */
function readingsOf(body) {
  const [, whole, mark, decimals = ""] = body.match(WHOLE_AND_DECIMALS) ?? [];
  if (whole || decimals) {
    const number = decimals ? `${whole || 0}.${decimals}` : whole;
    const isDouble = mark === "," && decimals.length === 3 && MAYBE_THOUSANDS.test(whole);
    return isDouble ? [whole + decimals, number] : [number];
  }
  const found = body.match(THOUSANDS);
  if (!found || found[2] === found[3]) return [];
  const end = found[3] ? body.length - found[4].length - 1 : body.length;
  return [body.slice(0, end).replace(/[^0-9]/g, "") + (found[3] ? `.${found[4]}` : "")];
}

/**
 * Exact; null where it has more digits than are kept.
 * @param {string} sign
 * @param {string} number
 * @param {number} exponent
 */
function valueOf(sign, number, exponent) {
  let [whole, decimals = ""] = number.split(".");
  if (exponent >= 0) {
    whole += decimals.slice(0, exponent).padEnd(exponent, "0");
    decimals = decimals.slice(exponent);
  } else {
    decimals = whole.slice(exponent).padStart(-exponent, "0") + decimals;
    whole = whole.slice(0, exponent);
  }
  whole = whole.replace(/^0+(?=.)/, "") || "0";
  if (decimals.length > MOST_DIGITS) decimals = decimals.replace(/0+$/, "");
  if (whole.replace(/^0/, "").length > MOST_DIGITS || decimals.length > MOST_DIGITS) return null;
  const value = decimals ? `${whole}.${decimals}` : whole;
  return sign === "-" && /[1-9]/.test(value) ? `-${value}` : value;
}
