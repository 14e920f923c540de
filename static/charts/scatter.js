// The rows of a loss, a sample of them, and what each run makes of them at the playhead: a line that it moves.
import { figures, groundOf, looks, template } from "../base/catalog.js";
import { t } from "../base/language.js";
import { grouped } from "../base/numbers.js";
import { move, redraw } from "./plot.js";
import { selectedRun } from "../base/selection.js";

const SPARE = 0.06; // of the axis, beyond the rows at both ends

/** @typedef {import("../schema").RowsAnswer} Rows */
/** @typedef {{ x: [number, number], y: [number, number] }} Box */
/** @typedef {{ rows: Rows, box: Box, dots: { x: number[], y: number[] }[] }} Shown */

/** @type {Map<string, Shown | "failed">} by the problem that they are the rows of */
const known = new Map();
/** @type {Map<string, Set<() => void>>} likewise: who is to be told when rows that are asked for have come */
const awaited = new Map();

/**
 * @param {HTMLElement} element
 * @param {import("../types").Store} store
 * @param {() => void} arrived is called when rows that were missing are there
 */
export function createScatter(element, store, arrived) {
  let shape = "";

  /**
   * @param {{ width: number, height: number }} size
   * @returns {string} what there is to say of it
   */
  function draw(size) {
    const state = store.get();
    const shown = shownOf(state.comparison.problem, arrived);
    if (shown === "failed") return t("scatter.failed");
    if (!shown || size.width < 80 || size.height < 60) return "";
    const { rows, box, dots } = shown;
    const look = looks(state.comparison, state.theme);
    const lines = look.map((_, run) => linesOf(state, run, rows, box));
    const sure = rows.sure === null ? [] : lines.map((one) => one.sure);
    const data = [...dots, ...sure, ...lines.map(({ fit }) => fit)];
    const selected = selectedRun(state);
    const key = JSON.stringify([groundOf(state.comparison.problem), state.theme, look, selected, size]);
    if (key === shape) move(element, data);
    else {
      const roles = ["rows", "rows-positive", ...sure.map(() => "sure"), ...lines.map(() => "fit")];
      const { palette, scatter } = figures.themes[state.theme];
      const traces = roles.map((role, place) => {
        const trace = template(scatter, role);
        const run = (place - 2) % look.length;
        const { color, dash } = look[run] ?? {};
        if (role === "sure" || role === "fit") trace.line.color = color;
        if (role === "fit") trace.line.dash = dash;
        if (role === "fit" && run === selected && look.length > 1) trace.line.width = palette.selected_width;
        return { ...trace, ...data[place] };
      });
      void redraw(element, traces, layoutOf(structuredClone(scatter.layout), rows, box, size));
      shape = key;
    }
    return remark(rows);
  }

  return { draw };
}

/**
 * The rows of a problem, asked for where nobody has yet.
 * @param {import("../types").Problem} problem
 * @param {() => void} arrived
 */
function shownOf(problem, arrived) {
  const key = groundOf(problem);
  const found = known.get(key);
  if (found) return found;
  const waiting = awaited.get(key);
  awaited.set(key, (waiting ?? new Set()).add(arrived));
  if (!waiting) void load(key);
  return null;
}

/** @param {string} problem as JSON */
async function load(problem) {
  const c = `{"problem":${problem},"runs":[{"optimizer":"sgd"}]}`;
  try {
    const answer = await fetch(new URL(`/api/rows?c=${encodeURIComponent(c)}`, import.meta.url));
    /** @type {Rows | null} */
    const rows = answer.ok ? await answer.json() : null;
    known.set(problem, rows ? { rows, box: boxOf(rows), dots: dotsOf(rows) } : "failed");
  } catch {
    // The banner says that the connection is lost. Nobody is told, so that nobody asks at once; the next draw does.
  }
  const told = known.has(problem) ? awaited.get(problem) : [];
  awaited.delete(problem);
  for (const arrived of told ?? []) arrived();
}

/**
 * @param {Rows} rows
 * @returns {Box}
 */
function boxOf({ x, y }) {
  const [across, up] = [x, y].map((values) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const spare = SPARE * (high - low || 1);
    return /** @type {[number, number]} */ ([low - spare, high + spare]);
  });
  return { x: across ?? [0, 1], y: up ?? [0, 1] };
}

/** @param {Rows} rows */
function dotsOf({ x, y, positive }) {
  const of = (/** @type {boolean} */ wanted) => {
    const places = x.map((_, place) => place).filter((place) => (positive ? positive[place] : true) === wanted);
    return { x: places.map((place) => x[place] ?? 0), y: places.map((place) => y[place] ?? 0) };
  };
  return [of(false), of(true)];
}

/**
 * What a run makes of the rows at the playhead: its line, and the one where it is sure.
 * @param {import("../types").State} state
 * @param {number} run
 * @param {Rows} rows
 * @param {Box} box
 */
function linesOf({ result, playhead, hidden }, run, { line, sure }, box) {
  const { path: own, path_median: median } = result?.runs[run]?.arrays ?? {};
  const path = median ?? own; // of many seeds the point that the map has
  if (!path?.length || hidden.includes(run)) return { fit: { x: [], y: [] }, sure: { x: [], y: [] } };
  const at = Math.min(playhead ?? Infinity, path.length / 2 - 1);
  const [w1, w2] = [path[2 * at] ?? 0, path[2 * at + 1] ?? 0];
  if (line === "fit") return { fit: cut(w1, -1, w2, box), sure: { x: [], y: [] } };
  return { fit: cut(w1, w2, 0, box), sure: cut(w1, w2, -(sure ?? 0), box) };
}

/**
 * The part of the line ax + by + c = 0 that lies in a box.
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {Box} box
 */
function cut(a, b, c, { x, y }) {
  /** @type {[number, number][]} */
  const ends = [];
  const add = (/** @type {number} */ across, /** @type {number} */ up) => {
    const inside = across >= x[0] && across <= x[1] && up >= y[0] && up <= y[1];
    if (inside) ends.push([across, up]);
  };
  for (const up of y) add(-(b * up + c) / a, up);
  for (const across of x) add(across, -(a * across + c) / b);
  // A line through a corner meets two sides there: the two ends that lie furthest apart are its own.
  ends.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const own = ends.length < 2 ? [] : [ends[0], ends[ends.length - 1]];
  return { x: own.map((end) => end?.[0] ?? 0), y: own.map((end) => end?.[1] ?? 0) };
}

/**
 * @param {Record<string, any>} layout changed in place
 * @param {Rows} rows
 * @param {Box} box
 * @param {{ width: number, height: number }} size
 */
function layoutOf(layout, rows, box, size) {
  Object.assign(layout, size);
  const [x, y] = rows.axes.map(({ name, unit, standardized }, place) =>
    // Upwards there is room for a name; what is true of both is said to the right.
    standardized && !place ? t("scatter.standardized", { name }) : unit ? t("scatter.unit", { name, unit }) : name,
  );
  [layout.xaxis.range, layout.yaxis.range] = [box.x, box.y];
  [layout.xaxis.title.text, layout.yaxis.title.text] = [x, y];
  return layout;
}

/** @param {Rows} rows */
const remark = ({ x, count, line, told }) =>
  t(`scatter.${line}`, { rows: grouped(x.length), count: grouped(count), told });
