// What stands above the ground of a map: paths up to the playhead, their ghosts beyond it, start and minima.
import { figures, looks, problemEntry, template } from "./catalog.js";
import { lastUntil } from "./numbers.js";
import { move, redraw, reframe } from "./plot.js";
import { isNetwork, shownWindow } from "./window.js";

const MOST_LOCAL = 24;

/** @typedef {{ x: number[], y: number[], cut: number }} Piece points of a run, and which of them the playhead is at */

/**
 * @typedef {object} Place where paths are drawn
 * @property {string} shape what the layout is made for, beside the window: another one is another layout
 * @property {number[][]} parts the runs of each map, by their place; map number n has Plotly's axes xn and yn
 * @property {() => Record<string, any>} layout
 */

/**
 * One map, or several in one figure: drawn together they cost half of what they do apart.
 * @param {HTMLElement} element
 * @param {import("./types").Store} store
 */
export function createPaths(element, store) {
  let shape = "";
  let framed = "";

  /** @param {Place} place */
  function draw(place) {
    const state = store.get();
    const look = looks(state.comparison, state.theme);
    const pieces = piecesOf(state);
    const split = state.playhead !== null;
    const data = place.parts.flatMap((runs) => partData(state, chosen(pieces, runs), split));
    const key = JSON.stringify([look, state.theme, place.parts, place.shape, split]);
    const range = JSON.stringify(shownWindow(state));
    if (key !== shape) {
      const styled = place.parts.flatMap((runs, part) => partTraces(state, chosen(look, runs), split, part));
      redraw(
        element,
        styled.map((trace, index) => ({ ...trace, ...data[index] })),
        place.layout(),
      );
    } else {
      if (range !== framed) reframe(element, place.layout());
      move(element, data);
    }
    shape = key;
    framed = range;
  }

  return { draw };
}

/**
 * @template T
 * @param {T[]} all
 * @param {number[]} places
 */
const chosen = (all, places) => places.flatMap((place) => all[place] ?? []);

/**
 * The data of one map's traces, from the lowest to the highest.
 * @param {import("./types").State} state
 * @param {Piece[]} runs
 * @param {boolean} split whether the playhead is on the way
 */
function partData(state, runs, split) {
  const stars = starsOf(isNetwork(state) ? [] : (state.heights?.minima ?? []));
  const ghosts = !split ? [] : runs.map(({ x, y, cut }) => ({ x: x.slice(cut), y: y.slice(cut) }));
  const paths = runs.map(({ x, y, cut }) => ({ x: x.slice(0, cut + 1), y: y.slice(0, cut + 1) }));
  const playhead = {
    x: runs.map((run) => run.x[run.cut] ?? null),
    y: runs.map((run) => run.y[run.cut] ?? null),
  };
  return [...ghosts, ...paths, startOf(state, runs), playhead, stars.local, stars.minima];
}

/**
 * The traces of one map without data, in the same order.
 * @param {import("./types").State} state
 * @param {ReturnType<typeof looks>} look
 * @param {boolean} split
 * @param {number} part which map
 */
function partTraces(state, look, split, part) {
  const { map } = figures.themes[state.theme];
  const lines = (split ? ["ghost", "path"] : ["path"]).flatMap((role) =>
    look.map(({ color, dash }) => {
      const trace = template(map, role);
      Object.assign(trace.line, { color, dash });
      return trace;
    }),
  );
  const playhead = template(map, "playhead");
  playhead.marker.color = look.map(({ color }) => color);
  const marks = [template(map, "start"), playhead, template(map, "local"), template(map, "minima")];
  return [...lines, ...marks].map((trace) => ({ ...trace, ...axesOf(part) }));
}

/**
 * @param {number} part
 * @returns {{ xaxis?: string, yaxis?: string }} nothing for the first, whose axes need no name
 */
const axesOf = (part) => (part ? { xaxis: `x${part + 1}`, yaxis: `y${part + 1}` } : {});

/**
 * Points of every run, split at the playhead.
 * @param {import("./types").State} state
 * @returns {Piece[]}
 */
export function piecesOf(state) {
  const { result, landscape, playhead, comparison, hidden } = state;
  return comparison.runs.map((_, place) => {
    if (hidden.includes(place)) return { x: [], y: [], cut: 0 };
    const run = result?.runs[place]?.arrays;
    const points = isNetwork(state) ? landscape?.runs[place]?.xy : (run?.path_median ?? run?.path);
    const at = isNetwork(state) ? landscape?.runs[place]?.at : undefined;
    const { x, y } = columns(points);
    let cut = playhead === null ? x.length - 1 : playhead;
    if (at && playhead !== null) cut = lastUntil(at, playhead);
    cut = Math.max(0, Math.min(cut, x.length - 1));
    return { x, y, cut };
  });
}

/**
 * Where the runs start.
 * @param {import("./types").State} state
 * @param {Piece[]} runs
 */
function startOf(state, runs) {
  const { comparison } = state;
  const first = runs.find((run) => run.x.length);
  const start = isNetwork(state) ? [first?.x[0], first?.y[0]] : (comparison.start ?? problemEntry(comparison)?.start);
  return start?.[0] === undefined ? { x: [], y: [] } : { x: [start[0]], y: [start[1]] };
}

/**
 * Plain arrays: Plotly's `animate` walks through the entries of typed ones as if they were an object's fields.
 * @param {Float32Array | undefined} pairs
 */
function columns(pairs) {
  const length = (pairs?.length ?? 0) / 2;
  /** @type {number[]} */
  const x = new Array(length);
  /** @type {number[]} */
  const y = new Array(length);
  for (let place = 0; place < length; place++) {
    x[place] = pairs?.[2 * place] ?? 0;
    y[place] = pairs?.[2 * place + 1] ?? 0;
  }
  return { x, y };
}

/**
 * The lowest minima, and the others unless they are so many that they would hide the paths.
 * @param {[number, number, number][]} minima
 */
function starsOf(minima) {
  const lowest = Math.min(...minima.map(([, , value]) => value));
  const near = lowest + 1e-3 * Math.max(1, Math.abs(lowest));
  const others = minima.filter(([, , value]) => value > near);
  return {
    minima: points(minima.filter(([, , value]) => value <= near)),
    local: points(others.length > MOST_LOCAL ? [] : others),
  };
}

/** @param {[number, number, number][]} minima */
const points = (minima) => ({ x: minima.map(([x]) => x), y: minima.map(([, y]) => y) });
