// Other data in what Plotly has drawn: lines, points and names are moved where they stand. Plotly would look at all traces
// and axes again for that, which takes longer than all else in a frame of a drag.
import { lineThrough, outlineThrough, pixels } from "./strokes.js";

const OFF = 1e5; // pixels: far enough to be out of sight

/**
 * @typedef {object} Drawing one trace as it stands in the document
 * @property {import("./strokes").Axis} across
 * @property {import("./strokes").Axis} up
 * @property {(x: Float64Array, y: Float64Array) => boolean} draw whether it could
 */

/** @type {WeakMap<HTMLElement, (Drawing | undefined)[]>} */
const known = new WeakMap();

/**
 * Move what is drawn of a trace.
 * @param {HTMLElement} element a plot
 * @param {number} place of the trace
 * @param {any} before its data as Plotly drew them, or as they were moved since
 * @param {any} after
 * @returns {boolean} whether it could; if not, Plotly has to draw it
 */
export function drawDirectly(element, place, before, after) {
  if (before.text && !equal(before.text, after.text)) return false;
  const drawings = known.get(element) ?? [];
  known.set(element, drawings);
  const drawing = (drawings[place] ??= find(element, place, before));
  if (!drawing) return false;
  const { across, up, draw } = drawing;
  return draw(pixels(after.x, across), pixels(after.y, up));
}

/**
 * Plotly draws these traces: what stood there may be gone.
 * @param {HTMLElement} element
 * @param {number[]} [places] all, unless some are named
 */
export function forgetDrawn(element, places) {
  const drawings = known.get(element);
  if (!places) known.delete(element);
  else if (drawings) for (const place of places) drawings[place] = undefined;
}

/**
 * @param {HTMLElement} element
 * @param {number} place
 * @param {any} before
 * @returns {Drawing | undefined} nothing where Plotly has drawn nothing that could be moved
 */
function find(element, place, before) {
  const { _fullData: traces, _fullLayout: layout } = /** @type {any} */ (element);
  const trace = traces?.[place];
  const group = trace?.type === "scatter" && element.querySelector(`.trace${trace.uid}`);
  if (!group) return undefined;
  const [across, up] = [axisOf(layout, trace.xaxis), axisOf(layout, trace.yaxis)];
  if (trace.mode === "lines") {
    const paths = [...group.querySelectorAll(trace.fill === "none" ? ".js-line" : ".js-fill")];
    const draw = lineIn(paths, trace.fill === "none" ? lineThrough : outlineThrough);
    return paths.length ? { across, up, draw } : undefined;
  }
  const [x, y] = [pixels(before.x, across), pixels(before.y, up)];
  const there = (/** @type {Float64Array} */ xs, /** @type {Float64Array} */ ys) =>
    Array.from(xs, (at, index) => !Number.isNaN(at + (ys[index] ?? Number.NaN)));
  const stood = there(x, y);
  const marks = [...group.querySelectorAll(trace.mode === "text" ? ".textpoint" : ".point")].map(
    trace.mode === "text" ? nameMover : pointMover,
  );
  if (marks.length !== stood.filter(Boolean).length) return undefined;
  return {
    across,
    up,
    draw(xs, ys) {
      // Which is there and which is not decides about colours: that is Plotly's.
      if (!equal(stood, there(xs, ys))) return false;
      let mark = 0;
      stood.forEach((stands, index) => stands && marks[mark++]?.(bound(xs[index]), bound(ys[index])));
      return true;
    },
  };
}

/**
 * @param {any} layout
 * @param {string} name such as x2
 * @returns {import("./strokes").Axis}
 */
function axisOf(layout, name) {
  const { _m: slope, _b: zero, type } = layout[name.replace(/^[xy]/, "$&axis")];
  return { slope, zero, log: type === "log" };
}

/**
 * Plotly has a path for each piece of a line with gaps; the first one takes all.
 * @param {Element[]} paths
 * @param {(x: Float64Array, y: Float64Array) => string} through
 */
function lineIn(paths, through) {
  return (/** @type {Float64Array} */ x, /** @type {Float64Array} */ y) => {
    paths.forEach((path, place) => path.setAttribute("d", place ? "" : through(x, y)));
    paths.length = Math.min(1, paths.length);
    return true;
  };
}

/** @param {Element} point */
const pointMover = (point) => (/** @type {number} */ x, /** @type {number} */ y) =>
  point.setAttribute("transform", `translate(${x},${y})`);

/**
 * A name is shifted as a whole: to give its text another place would have it laid out anew.
 * @param {Element} group
 */
function nameMover(group) {
  const text = group.querySelector("text");
  const [x0, y0] = ["x", "y"].map((side) => Number(text?.getAttribute(side)));
  const [dx = 0, dy = 0] = (group.getAttribute("transform")?.match(/-?[\d.]+/g) ?? []).map(Number);
  return (/** @type {number} */ x, /** @type {number} */ y) =>
    group.setAttribute("transform", `translate(${dx + x - (x0 ?? 0)},${dy + y - (y0 ?? 0)})`);
}

/** @param {number | undefined} at */
const bound = (at) => Math.round(100 * Math.max(-OFF, Math.min(OFF, at ?? 0))) / 100;

/**
 * @param {ArrayLike<unknown>} one
 * @param {ArrayLike<unknown> | undefined} other
 */
function equal(one, other) {
  if (one.length !== other?.length) return false;
  for (let place = 0; place < one.length; place++) if (one[place] !== other[place]) return false;
  return true;
}
