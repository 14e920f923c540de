// Numbers on a log axis: powers of ten where there are several, else 1, 2 and 5 between them.
import { short } from "./numbers.js";

const MOST = 6;

/**
 * @param {[number, number]} range of the axis, in powers of ten
 * @returns {{ tickvals: number[], ticktext: string[] }}
 */
export function logTicks([low, high]) {
  const stride = Math.ceil((high - low) / MOST);
  const exponents = [];
  for (let exponent = Math.ceil(low / stride) * stride; exponent <= high; exponent += stride) exponents.push(exponent);
  const factors = exponents.length > 2 ? [1] : [1, 2, 5];
  const tickvals = (factors.length > 1 ? [Math.floor(low), ...exponents] : exponents)
    .flatMap((exponent) => factors.map((factor) => factor * 10 ** exponent))
    .filter((value) => Math.log10(value) >= low - 1e-9 && Math.log10(value) <= high + 1e-9)
    .filter((value, place, all) => all.indexOf(value) === place);
  return { tickvals, ticktext: tickvals.map((value) => (factors.length > 1 ? short(value) : power(value))) };
}

/** @param {number} value a power of ten */
function power(value) {
  const exponent = Math.round(Math.log10(value));
  return Math.abs(exponent) < 3 ? short(value) : `10<sup>${String(exponent).replace("-", "−")}</sup>`;
}
