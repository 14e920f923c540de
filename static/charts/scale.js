// How a chart is scaled: from where to where, logarithmic or not, and less what.
import { isNetwork } from "../map/window.js";

const MOST_DECADES = 10;
const SPARE = 0.06; // of the axis, beyond the data at both ends
const DEEPEST = 4;
const BEYOND = 1e37; // the loss of seeds that have diverged
const RUNAWAY = 1e3; // times the largest loss at a start: who ends above it has no place on the others' axis
const CLIMB = 1.5; // decades above that loss that are kept for the way up
const LINEAR = ["accuracy", "lr"]; // unless told otherwise

/**
 * @typedef {object} Scale
 * @property {[number, number]} range of the axis; powers of ten on a logarithmic one
 * @property {boolean} log
 * @property {number} offset what is subtracted from every value
 * @property {boolean} canLog whether it could be logarithmic
 * @property {number} minimum what could be subtracted; 0 where there is nothing to
 */

/** Keeps an axis where it is as long as that serves. */
export function createScale() {
  /** @type {Scale | null} */
  let scale = null;
  let scaleFor = "";

  /**
   * @param {import("../types").State} state
   * @param {string} chart
   * @param {import("./series").Lines[]} lines
   * @returns {Scale}
   */
  return (state, chart, lines) => {
    const { comparison, moving, coordinate, slot, scales, above } = state;
    const { kind, name } = comparison.problem;
    const key = JSON.stringify([chart, kind, name, coordinate, slot, scales[chart], above]);
    if (scale && moving && key === scaleFor) return scale;
    const wanted = fitted(state, chart, lines);
    if (!wanted) return scale ?? { range: [-1, 1], log: true, offset: 0, canLog: true, minimum: 0 };
    // A range that still fits stays, so that nothing jumps for a hair's breadth.
    const kept = scale && key === scaleFor && scale.log === wanted.log && scale.offset === wanted.offset;
    scale = kept && scale && near(scale.range, wanted.range) ? { ...wanted, range: scale.range } : wanted;
    scaleFor = key;
    return scale;
  };
}

/**
 * @param {import("../types").State} state
 * @param {string} chart
 * @param {import("./series").Lines[]} lines
 * @returns {Scale | null} null where there is nothing to scale
 */
function fitted(state, chart, lines) {
  const { result, scales, above } = state;
  // On a surface without a floor the way down has no end: what is worth seeing lies near the start.
  const first = Math.max(...lines.map(({ thick }) => Math.abs(thick.y[0] ?? 0)), Number.MIN_VALUE);
  const away = lines.map(
    ({ thick }, place) =>
      result?.runs[place]?.status !== "ok" || (chart === "loss" && (thick.y.at(-1) ?? 0) > RUNAWAY * first),
  );
  const sound = lines.filter((_, place) => !away[place]);
  let [low, high] = extremes(sound.some(({ thick }) => thick.y.length) ? sound : lines);
  const climbing = chart === "loss" && sound.length < lines.length;
  if (chart === "loss" && low < -DEEPEST * first) low = -DEEPEST * first;
  if (low > high) return null;
  const minimum = chart === "loss" ? knownMinimum(state, low) : 0;
  const offset = above ? minimum : 0;
  const smallest = leastAbove(lines, offset);
  const canLog = low - offset >= Math.min(0, -1e-4 * Math.abs(minimum)) && smallest < Infinity;
  const log = canLog && (scales[chart] ?? (LINEAR.includes(chart) ? "linear" : "log")) === "log";
  if (climbing) high = Math.min(extremes(lines)[1], Math.max(high, (log ? 10 ** CLIMB : CLIMB) * first));
  if (!log) {
    const spare = SPARE * (high - low || 1);
    return { range: [low - offset - spare, high - offset + spare], log, offset, canLog, minimum };
  }
  const top = Math.log10(high - offset);
  const bottom = Math.max(Math.log10(smallest), top - MOST_DECADES);
  const spare = Math.max(SPARE * (top - bottom), 0.08);
  return { range: [bottom - spare, top + spare], log, offset, canLog, minimum };
}

/**
 * The lowest known minimum, unless a run went below it.
 * @param {import("../types").State} state
 * @param {number} low
 */
function knownMinimum(state, low) {
  const minimum = Math.min(...(state.heights?.minima ?? []).map(([, , value]) => value));
  const sound = !isNetwork(state) && Number.isFinite(minimum) && low >= minimum - 1e-4 * Math.abs(minimum);
  return sound ? minimum : 0;
}

/**
 * @param {import("./series").Lines[]} lines
 * @returns {[number, number]}
 */
function extremes(lines) {
  let [low, high] = [Infinity, -Infinity];
  for (const { thick, thin, band } of lines) {
    for (const values of [thick.y, thin.y, band?.low ?? [], band?.high ?? []]) {
      for (const value of values) {
        if (value < low) low = value;
        if (value > high && value < BEYOND) high = value;
      }
    }
  }
  return [low, high];
}

/**
 * @param {import("./series").Lines[]} lines
 * @param {number} offset
 */
function leastAbove(lines, offset) {
  let smallest = Infinity;
  for (const { thick, thin, band } of lines) {
    for (const values of [thick.y, thin.y, band?.low ?? []]) {
      for (const value of values) if (value - offset > 0 && value - offset < smallest) smallest = value - offset;
    }
  }
  return smallest;
}

/**
 * Whether an axis that is there may stay: it cuts nothing off, and leaves little empty.
 * @param {[number, number]} kept
 * @param {[number, number]} wanted
 */
function near(kept, wanted) {
  const size = wanted[1] - wanted[0];
  const beyond = [(wanted[0] - kept[0]) / size, (kept[1] - wanted[1]) / size];
  return beyond.every((share) => share > -SPARE / 2 && share < 0.1);
}

/**
 * Where a curve leaves a chart at its top and does not come back.
 * @param {import("./series").Line} curve
 * @param {Pick<Scale, "range" | "log">} scale
 * @returns {[number, number] | [null, null]} step and value of the place; nothing where it ends inside
 */
export function leaves({ x, y }, { range, log }) {
  const height = (/** @type {number | undefined} */ value) => (log ? Math.log10(value ?? 0) : (value ?? 0));
  let out = y.length;
  while (out > 0 && height(y[out - 1]) > range[1]) out--;
  if (out === y.length || out === 0) return [null, null];
  const [below, above] = [height(y[out - 1]), height(y[out])];
  const share = Number.isFinite(above - below) ? (range[1] - below) / (above - below) : 0;
  const [from, to] = [x[out - 1] ?? 0, x[out] ?? 0];
  return [from + share * (to - from), log ? 10 ** range[1] : range[1]];
}
