// The value of a formula: the right side of a rule's line, as MathML, where what its symbols stand for is known.

/** @type {Record<string, (...values: number[]) => number>} */
const FUNCTIONS = { max: Math.max, min: Math.min, sign: Math.sign };
const TIMES = "·⋅×";

/** @typedef {(symbol: Element) => number | null} ValueOf what a symbol stands for; null where that is not known */

/**
 * @param {Element[]} parts in a row
 * @param {ValueOf} valueOf
 * @returns {number | null} null where a part is not known, or is nothing that is written here
 */
export function evaluate(parts, valueOf) {
  const row = parts.filter(({ localName }) => localName !== "mspace");
  let at = 0;
  /** The sign that comes next; a bracket that closes may carry a power. */
  const sign = () => {
    const part = row[at]?.localName === "msup" ? row[at]?.firstElementChild : row[at];
    return part?.localName === "mo" ? (part.textContent ?? "") : "";
  };
  const ends = () => at >= row.length || /^[),|]$/.test(sign());

  function sum() {
    let value = 0;
    let by = 1;
    if (sign() === "−" || sign() === "-") [by, at] = [-1, at + 1];
    for (;;) {
      value += by * product();
      if (!/^[+−-]$/.test(sign())) return value;
      by = sign() === "+" ? 1 : -1;
      at += 1;
    }
  }

  function product() {
    let value = factor();
    while (!ends() && !/^[+−-]$/.test(sign())) {
      const divides = sign() === "/";
      if (divides || TIMES.includes(sign() || "?")) at += 1;
      value = divides ? value / factor() : value * factor();
    }
    return value;
  }

  function factor() {
    const part = row[at];
    if (!part) throw new Unknown();
    at += 1;
    const name = part.textContent ?? "";
    if (part.localName !== "mo") return valueIn(part, valueOf);
    if (name === "(") return closed(sum(), ")");
    if (name === "|") return closed(Math.abs(sum()), "|");
    const known = FUNCTIONS[name];
    if (!known || sign() !== "(") throw new Unknown();
    at += 1;
    const values = [sum()];
    while (sign() === ",") {
      at += 1;
      values.push(sum());
    }
    return closed(known(...values), ")");
  }

  /**
   * @param {number} value of what stands in brackets
   * @param {string} bracket that has to close them
   */
  function closed(value, bracket) {
    const part = row[at];
    if (!part || sign() !== bracket) throw new Unknown();
    at += 1;
    const power = part.localName === "msup" ? part.children[1] : undefined;
    return power ? value ** valueIn(power, valueOf) : value;
  }

  try {
    const value = sum();
    return at === row.length ? value : null;
  } catch (error) {
    if (error instanceof Unknown) return null;
    throw error;
  }
}

/**
 * @param {Element} part
 * @param {ValueOf} valueOf
 * @returns {number}
 */
function valueIn(part, valueOf) {
  const inside = (/** @type {Element | undefined} */ child) => {
    if (!child) throw new Unknown();
    return valueIn(child, valueOf);
  };
  const [first, second, third] = [...part.children];
  // A power of a symbol with an index is one element, and marked as the symbol is.
  if (part.localName === "msubsup") return known(valueOf(part)) ** inside(third);
  const value = valueOf(part);
  if (value !== null) return value;
  if (part.localName === "mn") return Number(part.textContent);
  if (part.localName === "msup") return inside(first) ** inside(second);
  if (part.localName === "mfrac") return inside(first) / inside(second);
  if (part.localName === "mrow") return known(evaluate([...part.children], valueOf));
  if (part.localName === "msqrt") return Math.sqrt(known(evaluate([...part.children], valueOf)));
  throw new Unknown();
}

/** @param {number | null} value */
function known(value) {
  if (value === null) throw new Unknown();
  return value;
}

class Unknown extends Error {}
