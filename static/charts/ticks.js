// Numbers on a log axis: powers of ten where there are several, else 1, 2 and 5 between them, else as many as it takes.
import { minus, plain, short } from "../base/numbers.js";

const MOST = 6;
const SLACK = 1e-9;

/**
 * @param {[number, number]} range of the axis, in powers of ten
 * @returns {{ tickvals: number[], ticktext: string[] }}
 */
export function logTicks([low, high]) {
  const stride = Math.max(1, Math.ceil((high - low) / MOST));
  const powers = within(low, high, stride, [1]);
  if (powers.length > 2) return { tickvals: powers, ticktext: powers.map(power) };
  const few = within(low, high, 1, [1, 2, 5]);
  const tickvals = few.length > 1 ? few : even(10 ** low, 10 ** high);
  return { tickvals, ticktext: tickvals.map((value) => minus(plain(value))) };
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} stride between the powers of ten
 * @param {number[]} factors of each
 */
function within(low, high, stride, factors) {
  const found = [];
  for (let exponent = Math.floor(low / stride) * stride; exponent <= high + SLACK; exponent += stride) {
    for (const factor of factors) {
      const place = exponent + Math.log10(factor);
      if (place >= low - SLACK && place <= high + SLACK) found.push(Number(`${factor}e${exponent}`));
    }
  }
  return found;
}

/**
 * Round numbers at equal distances, where an axis is shorter than from 1 to 2.
 * @param {number} from
 * @param {number} to
 */
function even(from, to) {
  const rough = (to - from) / 3;
  const grain = 10 ** Math.floor(Math.log10(rough));
  const step = grain * ([1, 2, 5].findLast((factor) => factor * grain <= rough) ?? 1);
  const found = [];
  for (let count = Math.ceil(from / step); count * step <= to; count++)
    found.push(Number((count * step).toPrecision(6)));
  return found;
}

/** @param {number} value a power of ten */
function power(value) {
  const exponent = Math.round(Math.log10(value));
  return Math.abs(exponent) < 3 ? short(value) : `10<sup>${String(exponent).replace("-", "−")}</sup>`;
}
