// What the server answers, as the state has it.

/**
 * A result, and what a chunk adds to it.
 * @param {import("../types").Header} header
 * @param {import("../types").Frame["arrays"]} arrays
 * @param {object} known
 * @param {import("../types").Result | null} known.before what is there; it goes on where it answers the same request
 * @param {number} known.seeds that were asked for
 * @param {boolean} known.theory whether that is told; until it comes, what was told of as many runs stays
 * @returns {import("../types").Result}
 */
export function resultOf({ id, total = 0, last = 0, runs: told = [], theory }, arrays, known) {
  const { before, seeds } = known;
  const goesOn = before?.id === id;
  const runs = told.map((run, place) => ({
    ...run,
    arrays: goesOn ? { ...before.runs[place]?.arrays } : /** @type {Record<string, Float32Array>} */ ({}),
  }));
  for (const { name, run, values } of arrays) {
    const target = runs[run ?? 0]?.arrays;
    if (target) target[name] = join(target[name], values);
  }
  const stays = before?.theory?.length === runs.length ? before.theory : undefined;
  return { id, total, last, done: false, seeds, runs, theory: known.theory ? (theory ?? stays) : undefined };
}

/**
 * @param {import("../types").Header} header
 * @param {import("../types").Frame["arrays"]} arrays
 * @param {import("../types").View} view that was asked for
 * @returns {import("../types").Heights}
 */
export function heightsOf(header, arrays, view) {
  const { minima = [], saddles = [], maxima = [], shading = { lowest: 0, rise: 0, scale: 1 }, rows, count } = header;
  const grid = gridOf(arrays);
  const made = { ...grid, shading, view, minima, saddles, maxima, holes: opened(grid.shade), rows, count, own: {} };
  return { ...made, own: ownOf(header.own ?? [], arrays, made) };
}

/**
 * The surfaces of runs that have other numbers, on the same window.
 * @param {NonNullable<import("../types").Header["own"]>} told
 * @param {import("../types").Frame["arrays"]} arrays
 * @param {import("../types").Heights} shared
 */
function ownOf(told, arrays, shared) {
  /** @type {Record<number, import("../types").Heights>} */
  const found = {};
  for (const { runs, ...marks } of told) {
    const { loss, shade } = gridOf(arrays, runs[0]);
    const own = { ...shared, ...marks, loss, shade, holes: opened(shade) };
    for (const run of runs) found[run] = own;
  }
  return found;
}

/**
 * @param {import("../types").Header} header
 * @param {import("../types").Frame["arrays"]} arrays
 * @param {import("../types").Landscape | null} before what is there while a network trains
 * @returns {import("../types").Landscape | null}
 */
export function landscapeOf({ stage = "fine", axes = [] }, arrays, before) {
  if (!arrays.length) return before && { ...before, stage };
  /** @type {Record<string, Float32Array>[]} */
  const runs = [];
  for (const { name, run, values } of arrays) if (run !== null) (runs[run] ??= {})[name] = values;
  return { stage, axes, ...gridOf(arrays), runs, stale: false };
}

/**
 * @param {import("../types").Frame["arrays"]} arrays
 * @param {number | null} [of] the run whose own they are
 */
function gridOf(arrays, of = null) {
  const named = (/** @type {string} */ name) =>
    arrays.find((array) => array.name === name && array.run === of)?.values ?? new Float32Array();
  return { x: named("x"), y: named("y"), loss: named("loss"), shade: named("shade") };
}

/**
 * Put NaN, which is drawn as a gap, where the server says that there is no height.
 * @param {Float32Array} shade changed in place
 */
function opened(shade) {
  let any = false;
  for (let place = 0; place < shade.length; place++) {
    if ((shade[place] ?? 0) >= 0) continue;
    shade[place] = Number.NaN;
    any = true;
  }
  return any;
}

/**
 * @param {Float32Array | undefined} first
 * @param {Float32Array} second
 */
function join(first, second) {
  if (!first?.length) return second;
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
