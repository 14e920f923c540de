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
const ROWS_CHARTS = ["loss", "rows", ...SURFACE_CHARTS.slice(1)];
const NETWORK_CHARTS = ["loss", "accuracy", "grad_norm", "step_norm", "lr", "table"];

const BESIDE = 0.5; // decades between a curve and the line of its predicted slope
const BENT = 48; // pieces of a predicted line that is not straight

/** The charts on which a drop of the learning rate can be placed. */
export const DROPPABLE = ["loss", "lr"];
/** The charts that have a coordinate to choose. */
export const BY_COORDINATE = ["effective", "state"];

/** @param {import("../types").State} state */
export const chartsOf = (state) =>
  isNetwork(state) ? NETWORK_CHARTS : state.comparison.problem.kind === "data" ? ROWS_CHARTS : SURFACE_CHARTS;

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
 * The slope that theory predicts of each run's loss, as a line beside its curve, on which it would not be seen; as far
 * as it lies within the chart.
 * @param {import("../types").State} state
 * @param {string} chart
 * @param {{ range: [number, number], offset: number }} scale `range` in powers of ten of what is above `offset`
 * @returns {Line[]} a run each, above `offset`; none at all where nothing is predicted
 */
export function predictedSeries({ theory, result, hidden }, chart, scale) {
  if (!theory || chart !== "loss" || result?.theory?.length !== result?.runs.length || !result?.theory) return [];
  const lines = result.theory.map(({ slope, value }, place) =>
    slope && !hidden.includes(place) ? predictedLine(slope, value - scale.offset, scale.range) : line(),
  );
  return lines.some(({ x }) => x.length) ? lines : [];
}

/**
 * @param {NonNullable<import("../schema").RunTheory["slope"]>} slope
 * @param {number} above what the loss tends to, above what the chart counts from
 * @param {[number, number]} range
 * @returns {Line}
 */
function predictedLine({ first, last, level, predicted }, above, range) {
  if (predicted === null) return line();
  const power = (/** @type {number} */ step) => level + BESIDE + predicted * (step - first);
  // Where it crosses the chart's lower and upper edge; a slope of 0 never does.
  const crossing = (/** @type {number} */ edge) => {
    const size = 10 ** edge - above;
    return size > 0 ? first + (Math.log10(size) - level - BESIDE) / predicted : Infinity * -Math.sign(predicted);
  };
  const edges = predicted ? range.map(crossing) : within(power(0), above, range);
  const [from, to] = [Math.max(0, Math.min(...edges)), Math.min(last, Math.max(...edges))];
  if (!(from < to)) return line();
  // Straight where the chart counts from what the loss tends to, else bent.
  const pieces = above === 0 ? 1 : BENT;
  const x = Array.from({ length: pieces + 1 }, (_, piece) => from + ((to - from) * piece) / pieces);
  return { x, y: x.map((step) => 10 ** power(step) + above) };
}

/**
 * All steps or none: where a level line lies within the chart.
 * @param {number} power
 * @param {number} above
 * @param {[number, number]} range
 */
function within(power, above, range) {
  const at = Math.log10(10 ** power + above);
  return at >= range[0] && at <= range[1] ? [-Infinity, Infinity] : [];
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
