// A rule with numbers in the places of its symbols: each of its lines, and what comes out of it.
import { evaluate } from "./evaluate.js";
import { fourDigits } from "../base/numbers.js";

const NAMESPACE = "http://www.w3.org/1998/Math/MathML";
const PRODUCT = "0.167em"; // the space that stands between factors
const CLOSE = 1e-3; // of a step: what is told from what was computed in other digits

/**
 * @typedef {object} Facts what is known of a step
 * @property {(name: string) => number | null} parameter
 * @property {(name: string, assigned: boolean) => number | null} value before the step, or once a line assigned it
 */

/**
 * @param {string[]} lines MathML of the rule
 * @param {Facts} facts
 * @returns {string[]} MathML, a statement each
 */
export function substitute(lines, facts) {
  /** @type {Set<string>} what a line before has assigned */
  const assigned = new Set();
  /** @type {Map<string, number>} what a line before has computed, by how it is written */
  const computed = new Map();

  /** @param {Element} symbol */
  const valueOf = (symbol) => {
    const parameter = symbol.getAttribute("data-parameter");
    if (parameter !== null) return facts.parameter(parameter);
    const value = symbol.getAttribute("data-value");
    if (value !== null) return facts.value(value, assigned.has(value));
    return computed.get(written(symbol)) ?? null;
  };

  return lines.flatMap((line) => {
    const row = new DOMParser().parseFromString(line, "text/html").querySelector("math")?.firstElementChild;
    if (!row) return [];
    const statements = split([...row.children]);
    return statements.flatMap(({ parts, conditional }) => {
      const at = parts.findIndex((part) => part.localName === "mo" && /^[←=]$/.test(part.textContent ?? ""));
      const [target, relation] = [parts[0], parts[at]];
      if (at !== 1 || !target || !relation) return [];
      const right = parts.slice(at + 1);
      const worth = evaluate(right, valueOf);
      const name = target.getAttribute("data-value");
      const told = name === null ? null : facts.value(name, true);
      // Of several cases the one is told that took place.
      if (conditional && !(worth !== null && told !== null && alike(worth, told, facts))) return [];
      const numbers = right.flatMap((part, place) => inNumbers(part, place === 0, valueOf));
      if (name !== null) assigned.add(name); // only now: on the right of its own line it is what it was
      const result = worth ?? told;
      if (result === null) return [];
      if (name === null) computed.set(written(target), result);
      // Where a part is no number, such as a norm or another point's slope, numbers of one coordinate would mislead.
      const shown = worth === null ? right.map(copy) : numbers;
      const math = document.createElementNS(NAMESPACE, "math");
      const whole = document.createElementNS(NAMESPACE, "mrow");
      whole.append(target.cloneNode(true), relation.cloneNode(true), ...shown, sign("="), number(result));
      math.append(whole);
      return [math.outerHTML];
    });
  });
}

/**
 * What stands in one line, separated by wide spaces; words that follow are its condition.
 * @param {Element[]} parts
 */
function split(parts) {
  /** @type {{ parts: Element[], conditional: boolean }[]} */
  const found = [{ parts: [], conditional: false }];
  for (const part of parts) {
    const last = found[found.length - 1];
    if (!last) continue;
    if (part.localName === "mspace" && part.getAttribute("width") !== PRODUCT) {
      if (last.parts[last.parts.length - 1]?.textContent === ",") last.parts.pop();
      found.push({ parts: [], conditional: false });
    } else last.parts.push(part);
  }
  return found.flatMap((one, place) => {
    if (one.parts.some(({ localName }) => localName === "mtext")) return [];
    const next = found[place + 1]?.parts[0];
    return [{ ...one, conditional: next?.localName === "mtext" }];
  });
}

/**
 * @param {number} worth
 * @param {number} told
 * @param {Facts} facts
 */
function alike(worth, told, facts) {
  const step = Math.abs(told - (facts.value("iterate", false) ?? told));
  return Math.abs(worth - told) <= CLOSE * step + 1e-6 * Math.abs(told);
}

/**
 * @param {Element} part
 * @param {boolean} first whether nothing stands before it
 * @param {import("./evaluate").ValueOf} valueOf
 * @returns {Element[]}
 */
function inNumbers(part, first, valueOf) {
  if (part.localName === "mspace") return part.getAttribute("width") === PRODUCT ? [sign("·")] : [copy(part)];
  const value = valueOf(part);
  if (value !== null && part.localName === "msubsup") {
    const power = document.createElementNS(NAMESPACE, "msup");
    const exponent = part.children[2];
    power.append(bracketed(value), ...(exponent ? inNumbers(exponent, true, valueOf) : []));
    return [power];
  }
  if (value !== null) return [first ? number(value) : bracketed(value)];
  // What carries an index or an accent is a symbol of its own.
  if (/^(msub|msubsup|mover|munder)$/.test(part.localName) || !part.children.length) return [copy(part)];
  const made = document.createElementNS(NAMESPACE, part.localName);
  const heads = part.localName === "msup"; // a base is bracketed even where nothing stands before it
  made.append(...[...part.children].flatMap((child, place) => inNumbers(child, !heads && place === 0, valueOf)));
  return [made];
}

/** @param {Element} part */
const copy = (part) => /** @type {Element} */ (part.cloneNode(true));

/** @param {number} value */
function bracketed(value) {
  if (value >= 0) return number(value);
  const row = document.createElementNS(NAMESPACE, "mrow");
  row.append(sign("("), number(value), sign(")"));
  return row;
}

/** @param {number} value */
function number(value) {
  const made = document.createElementNS(NAMESPACE, "mn");
  made.textContent = fourDigits(value);
  return made;
}

/** @param {string} text */
function sign(text) {
  const made = document.createElementNS(NAMESPACE, "mo");
  if (/[()]/.test(text)) made.setAttribute("stretchy", "false");
  made.textContent = text;
  return made;
}

/**
 * How a symbol is written, without its attributes.
 * @param {Element} symbol
 * @returns {string}
 */
const written = (symbol) =>
  `${symbol.localName}(${symbol.children.length ? [...symbol.children].map(written).join() : symbol.textContent})`;
