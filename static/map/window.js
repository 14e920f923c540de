// Which part of the plane is shown, and how a picture of it is framed.
import { axisNames, figures, problemEntry } from "../base/catalog.js";
import { t } from "../base/language.js";

// One shape for every window, so that the server compiles it once.
const COLUMNS = 100;
const ROWS = 80;
const MOST_WIDENED = 2.4;
const NAMED_AXES = 16; // pixels that the names of axes take

/** @typedef {{ width: number, height: number }} Size in pixels */
/** @typedef {{ l: number, r: number, t: number, b: number }} Margin in pixels */
/** @typedef {{ x: boolean, y: boolean, names: boolean, margin?: Margin }} Axes which have ticks, and whether names */

/** @param {import("../types").State} state */
export const isNetwork = ({ comparison }) => comparison.problem.kind === "network";

/**
 * The margin of a map: wider where its axes are no x and y, and have names.
 * @param {import("../types").State} state
 * @returns {Margin}
 */
export function marginsOf({ theme, comparison }) {
  const { l, r, t: top, b } = figures.themes[theme].map.layout.margin;
  const more = ["network", "data"].includes(comparison.problem.kind) ? NAMED_AXES : 0;
  return { l: l + more, r, t: top, b: b + more };
}

/**
 * @param {[number, number]} x
 * @param {[number, number]} y
 * @returns {import("../types").View}
 */
export const viewOf = (x, y) => ({ x, y, width: COLUMNS, height: ROWS });

/**
 * The window shown: of a surface the one whose heights are there, until those of the asked one have come, so that a map
 * is never blank at its edges; of a network the surveyed one.
 * @param {import("../types").State} state
 */
export function shownWindow(state) {
  const { view, heights, landscape, connection, failure } = state;
  if (!isNetwork(state)) return (connection === "open" && failure === null && heights?.view) || view;
  if (!landscape?.x.length) return null;
  const ends = (/** @type {Float32Array} */ line) =>
    /** @type {[number, number]} */ ([line[0] ?? 0, line[line.length - 1] ?? 1]);
  return { x: ends(landscape.x), y: ends(landscape.y), width: 0, height: 0 };
}

/**
 * The heights below some runs: their own where they are all on one surface that is not the shared one.
 * @param {import("../types").State} state
 * @param {number[]} [runs] all, unless some are named
 */
export function heightsBelow({ heights, comparison }, runs = comparison.runs.map((_, run) => run)) {
  const own = runs.map((run) => heights?.own[run]);
  return own[0] && own.every((one) => one === own[0]) ? own[0] : heights;
}

/**
 * A surface's domain, widened one way so that both axes have one scale where that costs little.
 * @param {import("../types").State} state
 * @param {Size} size of the picture with its margins
 * @param {Margin} margin
 * @returns {import("../types").View | null}
 */
export function wholeWindow(state, { width, height }, margin) {
  const domain = problemEntry(state.comparison)?.domain;
  if (!domain) return null;
  const [across, up] = [width - margin.l - margin.r, height - margin.t - margin.b];
  const [xs, ys] = domain.map(([from, to]) => to - from);
  const stretch = ((xs ?? 1) * up) / ((ys ?? 1) * across);
  /**
   * @param {[number, number]} axis
   * @param {number} by
   * @returns {[number, number]}
   */
  const widen = ([from, to], by) => {
    const spare = ((to - from) * (by - 1)) / 2;
    return [Number((from - spare).toPrecision(6)), Number((to + spare).toPrecision(6))];
  };
  const [byX, byY] = stretch < 1 ? [1 / stretch, 1] : [1, stretch];
  const equal = Math.max(byX, byY) <= MOST_WIDENED;
  return viewOf(widen(domain[0], equal ? byX : 1), widen(domain[1], equal ? byY : 1));
}

/** @type {Axes} */
export const ALL_AXES = { x: true, y: true, names: true };

/**
 * What is left of a picture inside its margins.
 * @param {Size} size
 * @param {Margin} margin
 * @returns {Size}
 */
export const insideOf = ({ width, height }, { l, r, t, b }) => ({ width: width - l - r, height: height - t - b });

/**
 * Where a pointer is in a picture, as shares of its width and height, from the left and from below; and those in pixels.
 * @param {HTMLElement} stage
 * @param {Margin} margin
 * @param {{ clientX: number, clientY: number }} pointer
 */
export function shareOf(stage, { l, r, t: top, b }, { clientX, clientY }) {
  const box = stage.getBoundingClientRect();
  const [width, height] = [box.width - l - r, box.height - top - b];
  return { x: (clientX - box.left - l) / width, y: 1 - (clientY - box.top - top) / height, width, height };
}

/**
 * The layout of a map: its size, its window, and names of axes where these are no x and y.
 * @param {import("../types").State} state
 * @param {Size} size
 * @param {Axes} axes
 */
export function mapLayout(state, size, { x, y, names, margin }) {
  const made = structuredClone(figures.themes[state.theme].map.layout);
  const range = shownWindow(state);
  Object.assign(made, size);
  made.xaxis.range = range?.x ?? [-1, 1];
  made.yaxis.range = range?.y ?? [-1, 1];
  made.margin = { ...made.margin, ...(margin ?? marginsOf(state)) };
  if (names && state.comparison.problem.kind === "data")
    [made.xaxis.title.text, made.yaxis.title.text] = axisNames(state.comparison);
  if (names && isNetwork(state)) {
    for (const [axis, place, key] of /** @type {const} */ ([
      ["xaxis", 0, "first"],
      ["yaxis", 1, "second"],
    ])) {
      const variance = state.landscape?.axes[place]?.variance;
      made[axis].title.text =
        typeof variance === "number"
          ? t(`plane.${key}_variance`, { percent: Math.round(100 * variance) })
          : t(`plane.${key}`);
    }
  }
  made.xaxis.visible = x && range !== null;
  made.yaxis.visible = y && range !== null;
  return made;
}
