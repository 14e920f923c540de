// Numbers as people read them, and sliders' positions as numbers.

/** Letters in the name of a run, at most. */
export const LONGEST_LABEL = 40;
/** What is drawn of 0 on a logarithmic axis, next to which it is nothing. */
export const LEAST = 1e-37;

/**
 * Plain arrays of pairs: Plotly's `animate` walks through the entries of typed ones as if they were an object's fields.
 * @param {Float32Array} [pairs]
 * @returns {[number[], number[]]} all x, and all y
 */
export function columns(pairs = new Float32Array()) {
  const length = pairs.length / 2;
  const [x, y] = [new Array(length), new Array(length)];
  for (let place = 0; place < length; place++) {
    x[place] = pairs[2 * place];
    y[place] = pairs[2 * place + 1];
  }
  return [x, y];
}

/**
 * A short form: four digits at most, powers of ten where they are shorter.
 * @param {number | undefined | null} value
 */
export function short(value) {
  if (value === undefined || value === null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return minus(value.toExponential(1).replace(/(\.0)?e\+?/, "e"));
  return minus(String(Number(value.toPrecision(4))));
}

/**
 * Four digits, also of what is small or large: to be computed with.
 * @param {number} value
 */
export function fourDigits(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return "–";
  if (size !== 0 && (size < 1e-3 || size >= 1e5))
    return minus(String(value.toExponential(3)).replace(/\.?0*e\+?/, "e"));
  return minus(String(Number(value.toPrecision(4))));
}

/**
 * Six digits, or all of a whole number, as an input field takes it; what an address holds in a number's place may be something else.
 * @param {number} shown
 */
export function plain(shown) {
  const value = Number(shown);
  if (Number.isSafeInteger(value)) return String(value);
  const [size, rounded] = [Math.abs(value), Number(value.toPrecision(6))];
  return size < 1e-3 || size >= 1e5 ? rounded.toExponential().replace("e+", "e") : String(rounded);
}

/**
 * A whole number in full.
 * @param {number} value
 */
export const grouped = (value) => minus(value.toLocaleString("en"));

/**
 * A hyphen where a minus belongs.
 * @param {string} text
 */
export const minus = (text) => text.replace(/-/g, "−");

/**
 * @param {import("../types").Parameter} parameter
 * @param {number} value
 */
export const toPosition = (parameter, value) =>
  parameter.scale === "log" ? Math.log10(Math.max(value, Number.MIN_VALUE)) : value;

/**
 * The value at a slider's position, rounded to what a hand can mean.
 * @param {import("../types").Parameter} parameter
 * @param {number} position
 * @param {number} low the slider's ends, as values
 * @param {number} high
 */
export function fromPosition(parameter, position, low, high) {
  let value = position;
  if (parameter.whole && position >= toPosition(parameter, high)) return high;
  if (parameter.scale === "log") value = Number((10 ** position).toPrecision(3));
  else {
    const grain = 10 ** Math.floor(Math.log10((high - low) / 400));
    value = Number((Math.round(position / grain) * grain).toPrecision(12));
  }
  if (parameter.whole) value = Math.round(value);
  return Math.min(high, Math.max(low, value));
}

/**
 * @param {{ valid: import("../types").Bounds }} parameter
 * @param {number} value
 * @returns {["ge" | "gt" | "le" | "lt" | "number", number] | null} the bound that is broken
 */
export function broken({ valid }, value) {
  if (!Number.isFinite(value)) return ["number", 0];
  if (valid.ge !== undefined && value < valid.ge) return ["ge", valid.ge];
  if (valid.gt !== undefined && value <= valid.gt) return ["gt", valid.gt];
  if (valid.le !== undefined && value > valid.le) return ["le", valid.le];
  if (valid.lt !== undefined && value >= valid.lt) return ["lt", valid.lt];
  return null;
}

/**
 * The place of the last entry that is not beyond a step; −1 if there is none.
 * @param {ArrayLike<number>} at increasing
 * @param {number} step
 */
export function lastUntil(at, step) {
  let place = at.length - 1;
  while (place >= 0 && (at[place] ?? 0) > step) place -= 1;
  return place;
}
