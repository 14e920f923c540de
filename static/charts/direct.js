// Other data in what Plotly has drawn: lines, points and names are moved where they stand. Plotly would look at all traces
// and axes again for that, which takes longer than all else in a frame of a drag.
import { lineThrough, outlineThrough, pixels } from "./strokes.js";

const OFF = 1e5; // pixels: far enough to be out of sight

/** @typedef {(x: Float64Array, y: Float64Array) => boolean} Draw moves a trace as it stands in the document, if it can */

/**
 * @typedef {object} Sheet what is moved of a plot
 * @property {(Draw | undefined)[]} found by the place of the trace
 * @property {Map<number, any>} moved the data of traces, by their place, that Plotly has not read yet
 */

/** @type {WeakMap<HTMLElement, Sheet>} */
const sheets = new WeakMap();

/** @param {HTMLElement} element */
function sheetOf(element) {
  const sheet = sheets.get(element) ?? { found: [], moved: new Map() };
  sheets.set(element, sheet);
  return sheet;
}

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
  const { found, moved } = sheetOf(element);
  const draw = (found[place] ??= find(element, place, before));
  if (!draw?.(...inPixels(element, place, after))) return false;
  moved.set(place, after);
  return true;
}

/**
 * Plotly has drawn other axes, and on them what it last read: what has been moved since is moved there.
 * @param {HTMLElement} element
 */
export function moveAgain(element) {
  for (const [place, data] of sheets.get(element)?.moved ?? []) drawDirectly(element, place, data, data);
}

/**
 * Plotly draws these traces: what stood there may be gone.
 * @param {HTMLElement} element
 * @param {number[]} [places] all, unless some are named
 */
export function forgetDrawn(element, places) {
  const { found } = sheetOf(element);
  for (const place of places ?? found.keys()) found[place] = undefined;
}

/**
 * Plotly reads the data of these traces: none of them is ahead of it.
 * @param {HTMLElement} element
 * @param {number[]} [places] all, unless some are named
 */
export function forgetMoved(element, places) {
  const { moved } = sheetOf(element);
  for (const place of places ?? [...moved.keys()]) moved.delete(place);
}

/**
 * Where the data of a trace lie on its axes as they are now; whoever kept an axis would draw on one that is gone.
 * @param {HTMLElement} element
 * @param {number} place of the trace
 * @param {any} data
 * @returns {[Float64Array, Float64Array]}
 */
function inPixels(element, place, { x, y }) {
  const { _fullData: traces, _fullLayout: layout } = /** @type {any} */ (element);
  const { xaxis, yaxis } = traces[place];
  return [pixels(x, axisOf(layout, xaxis)), pixels(y, axisOf(layout, yaxis))];
}

/**
 * @param {HTMLElement} element
 * @param {number} place
 * @param {any} before
 * @returns {Draw | undefined} nothing where Plotly has drawn nothing that could be moved
 */
function find(element, place, before) {
  const trace = /** @type {any} */ (element)._fullData?.[place];
  const group = trace?.type === "scatter" && element.querySelector(`.trace${trace.uid}`);
  if (!group) return undefined;
  if (trace.mode === "lines") {
    const paths = [...group.querySelectorAll(trace.fill === "none" ? ".js-line" : ".js-fill")];
    return paths.length ? lineIn(paths, trace.fill === "none" ? lineThrough : outlineThrough) : undefined;
  }
  const there = (/** @type {Float64Array} */ xs, /** @type {Float64Array} */ ys) =>
    Array.from(xs, (at, index) => !Number.isNaN(at + (ys[index] ?? Number.NaN)));
  const stood = there(...inPixels(element, place, before));
  const marks = [...group.querySelectorAll(trace.mode === "text" ? ".textpoint" : ".point")].map(
    trace.mode === "text" ? nameMover : pointMover,
  );
  if (marks.length !== stood.filter(Boolean).length) return undefined;
  return (xs, ys) => {
    // Which is there and which is not decides about colours: that is Plotly's.
    if (!equal(stood, there(xs, ys))) return false;
    let mark = 0;
    stood.forEach((stands, index) => stands && marks[mark++]?.(bound(xs[index]), bound(ys[index])));
    return true;
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
  const [x0 = 0, y0 = 0] = ["x", "y"].map((side) => Number(text?.getAttribute(side)));
  const present = group.getAttribute("transform") ?? "";
  const by = shifts.get(group);
  const stood = by?.moved === present ? by.stood : present;
  const [dx = 0, dy = 0] = (stood.match(/-?[\d.]+/g) ?? []).map(Number);
  return (/** @type {number} */ x, /** @type {number} */ y) => {
    const moved = `translate(${dx + x - x0},${dy + y - y0})`;
    group.setAttribute("transform", moved);
    shifts.set(group, { stood, moved });
  };
}

/**
 * How names are shifted by Plotly, and with that shift where they were moved to.
 * @type {WeakMap<Element, { stood: string, moved: string }>}
 */
const shifts = new WeakMap();

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
