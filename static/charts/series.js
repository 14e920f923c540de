// What a chart shows: of every run a thick line, and a thin one where a second quantity belongs to it.
import { bandOf } from "./bands.js";
import { axisNames } from "../base/catalog.js";
import { t } from "../base/language.js";
import { columns } from "../base/numbers.js";
import { chosenSlot, correction, slotsOf } from "./slots.js";
import { isNetwork } from "../map/window.js";

/** @typedef {{x: number[], y: number[]}} Line plain arrays, which Plotly's `animate` passes on as they are */
/** @typedef {{thick: Line, thin: Line, band?: import("./bands").Band | null}} Lines */

const SURFACE_CHARTS = ["loss", "grad_norm", "step_norm", "effective", "state", "lr", "table"];
const NETWORK_CHARTS = ["loss", "accuracy", "grad_norm", "step_norm", "lr", "table"];

const BESIDE = 0.5; // decades between a curve and the line of its predicted slope

/** The charts on which a drop of the learning rate can be placed. */
export const DROPPABLE = ["loss", "lr"];
/** The charts that have a coordinate to choose. */
export const BY_COORDINATE = ["effective", "state"];

/** @param {import("../types").State} state */
export const chartsOf = (state) => (isNetwork(state) ? NETWORK_CHARTS : SURFACE_CHARTS);

/**
 * @param {import("../types").State} state
 * @param {string} chart
 * @returns {Lines[]} a run each, before any offset
 */
export function series(state, chart) {
  const { result, hidden, comparison } = state;
  return (result?.runs ?? []).map(({ arrays }, place) => {
    const run = comparison.runs[place];
    if (!run || hidden.includes(place)) return pair();
    if (isNetwork(state)) {
      if (chart === "loss") return pair(line(arrays.test_loss, arrays.at), line(arrays.train_loss, arrays.at));
      if (chart === "accuracy") return pair(line(arrays.test_accuracy, arrays.at));
    }
    if (chart === "effective") return byCoordinate(state, effectiveSteps(arrays));
    if (chart === "state") return stateLines(state, run, arrays);
    const band = bandOf(arrays[`${chart}_band`]);
    return band ? { ...pair(line(band.middle)), band } : pair(line(arrays[chart]));
  });
}

/**
 * Where the loss of runs that have forked would have gone from there; nothing on other charts.
 * @param {import("../types").State} state
 * @param {string} chart
 * @returns {Line[]} a run each
 */
export function forkedSeries({ comparison, ghosts, hidden }, chart) {
  return comparison.runs.map(({ fork }, place) => {
    const ghost = ghosts[place];
    if (!fork || !ghost || chart !== "loss" || hidden.includes(place)) return line();
    const left = ghost.loss.slice(fork.at);
    return { x: left.map((_, step) => fork.at + step), y: left };
  });
}

/**
 * The slope that theory predicts of each run's loss, as a line beside its curve, on which it would not be seen.
 * @param {import("../types").State} state
 * @param {string} chart
 * @returns {Line[]} a run each; none at all where nothing is predicted
 */
export function predictedSeries({ theory, result, hidden }, chart) {
  if (!theory || chart !== "loss" || result?.theory?.length !== result?.runs.length || !result?.theory) return [];
  const lines = result.theory.map(({ slope, value }, place) => {
    if (!slope || slope.predicted === null || hidden.includes(place)) return { x: [], y: [] };
    const { first, last, level, predicted } = slope;
    const at = (/** @type {number} */ step) => 10 ** (level + BESIDE + predicted * (step - first)) + value;
    return { x: [0, last], y: [at(0), at(last)] };
  });
  return lines.some(({ x }) => x.length) ? lines : [];
}

/**
 * What the thick and the thin lines of a chart are, in words.
 * @param {import("../types").State} state
 * @param {string} chart
 */
export function legend(state, chart) {
  if (isNetwork(state)) return chart === "loss" ? t("chart.thick_thin") : "";
  const [x, y] = axisNames(state.comparison);
  if (chart === "state") {
    const slot = chosenSlot(state);
    if (!slot) return t("chart.no_state");
    if (slot.form === "pair") return t("chart.thick_thin_pair", { coordinate: state.coordinate === "y" ? y : x });
  }
  return BY_COORDINATE.includes(chart) && state.coordinate === "both" ? t("chart.thick_thin_xy", { x, y }) : "";
}

/**
 * @param {import("../types").State} state
 * @param {import("../types").Run} run
 * @param {Record<string, Float32Array>} arrays
 */
function stateLines(state, run, arrays) {
  const choice = chosenSlot(state);
  const slot = slotsOf(run).find(({ name }) => name === choice?.name);
  if (!choice || !slot) return pair();
  const plain = columns(arrays[slot.name]);
  const corrected = correction(run, slot);
  if (!corrected) return choice.form === "corrected" ? pair() : byCoordinate(state, plain);
  const better = plain.map((values) => values.map(corrected));
  if (choice.form !== "pair") return byCoordinate(state, choice.form === "corrected" ? better : plain);
  const at = state.coordinate === "y" ? 1 : 0;
  return pair(line(better[at]), line(plain[at]));
}

/**
 * How far a step went in each coordinate, of its gradient there; NaN, a gap, where that is 0.
 * @param {Record<string, Float32Array>} arrays
 */
function effectiveSteps({ path, gradient }) {
  const places = columns(path);
  return columns(gradient).map((slopes, at) =>
    slopes.map((slope, step) => {
      const moved = (places[at]?.[step + 1] ?? Number.NaN) - (places[at]?.[step] ?? Number.NaN);
      return slope ? Math.abs(moved / slope) : Number.NaN;
    }),
  );
}

/**
 * The coordinates that were asked for.
 * @param {import("../types").State} state
 * @param {number[][]} values of x and of y
 */
function byCoordinate({ coordinate }, [x, y]) {
  if (coordinate === "both") return pair(line(x), line(y));
  return pair(line(coordinate === "x" ? x : y));
}

/** @returns {Lines} */
const pair = (thick = line(), thin = line()) => ({ thick, thin });

/**
 * @param {ArrayLike<number>} [y]
 * @param {Float32Array} [x]
 * @returns {Line}
 */
function line(y = [], x) {
  const values = Array.from(y);
  return { x: x ? Array.from(x) : values.map((_, place) => place), y: values };
}
