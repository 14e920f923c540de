// What stands above the ground of a map: paths up to the playhead, their ghosts beyond it, start and minima.
import { arrowsOf, arrowTraces } from "./arrows.js";
import { figures, looks, problemEntry, template } from "../base/catalog.js";
import { columns, lastUntil } from "../base/numbers.js";
import { move, redraw, reframe } from "../charts/plot.js";
import { selectedRun } from "../base/selection.js";
import { heightsBelow, isNetwork, shownWindow } from "./window.js";

const MOST_LOCAL = 24;
const NOWHERE = { minima: [], saddles: [], maxima: [] };

/**
 * What pictures of paths are drawn from.
 * @type {(keyof import("../types").State)[]}
 */
export const DRAWN_FROM = [
  "result",
  "heights",
  "landscape",
  "playhead",
  "hidden",
  "ghosts",
  "selected",
  "anatomy",
  "theme",
  "view",
  "framed",
];

/** @typedef {{ x: number[], y: number[], cut: number }} Piece points of a run, and which of them the playhead is at */

/**
 * @typedef {object} Place where paths are drawn
 * @property {string} shape what the layout is made for, beside the window: another one is another layout
 * @property {number[][]} parts the runs of each map, by their place; map number n has Plotly's axes xn and yn
 * @property {import("./window").Size} size of each map, without what stands beside its axes
 * @property {() => Record<string, any>} layout
 */

/**
 * One map, or several in one figure: drawn together they cost half of what they do apart.
 * @param {HTMLElement} element
 * @param {import("../types").Store} store
 */
export function createPaths(element, store) {
  let shape = "";
  let framed = "";

  /** @param {Place} place */
  function draw(place) {
    const state = store.get();
    const selected = state.comparison.runs.length > 1 ? selectedRun(state) : null;
    const look = looks(state.comparison, state.theme).map((one, run) => ({ ...one, selected: run === selected }));
    const pieces = piecesOf(state);
    const split = state.playhead !== null;
    const arrows = place.parts.map((runs) => arrowsOf(state, runs, place.size));
    const data = place.parts.flatMap((runs, part) => [
      ...partData(state, chosen(pieces, runs), split, runs),
      ...(arrows[part]?.data ?? []),
    ]);
    const futures = place.parts.map((runs) => futuresOf(state, runs).map((future) => future.place));
    const own = ownStarts(state).map((one) => one.place);
    const counts = arrows.map(({ count }) => count);
    const key = JSON.stringify([look, state.theme, place.parts, place.shape, split, futures, own, counts]);
    const range = JSON.stringify(shownWindow(state));
    if (key !== shape) {
      const styled = place.parts.flatMap((runs, part) =>
        partTraces(state, look, runs, { split, part, arrows: counts[part] ?? 0 }),
      );
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
 * @param {import("../types").State} state
 * @param {Piece[]} runs
 * @param {boolean} split whether the playhead is on the way
 * @param {number[]} places of those runs
 */
export function partData(state, runs, split, places) {
  const { minima, saddles, maxima } = (isNetwork(state) ? null : heightsBelow(state, places)) ?? NOWHERE;
  const stars = starsOf(minima);
  const still = [points(few(saddles)), points(few(maxima)), stars.local, stars.minima];
  const ghosts = !split ? [] : runs.map(({ x, y, cut }) => ({ x: x.slice(cut), y: y.slice(cut) }));
  const paths = runs.map(({ x, y, cut }) => ({ x: x.slice(0, cut + 1), y: y.slice(0, cut + 1) }));
  const playhead = {
    x: runs.map((run) => run.x[run.cut] ?? null),
    y: runs.map((run) => run.y[run.cut] ?? null),
  };
  const futures = futuresOf(state, places).map(({ x, y }) => ({ x, y }));
  return [...futures, ...ghosts, ...paths, startOf(state, runs, places), playhead, ...still];
}

/**
 * The traces of one map without data, in the same order.
 * @param {import("../types").State} state
 * @param {{ name: string, color: string, dash: string, selected: boolean }[]} look of all runs
 * @param {number[]} places the map's runs
 * @param {{ split: boolean, part: number, arrows: number }} what `part` is which map, `arrows` how many steps have some
 * @returns {import("../types").Trace[]}
 */
export function partTraces(state, look, places, { split, part, arrows }) {
  const { map, palette } = figures.themes[state.theme];
  const line = (/** @type {string} */ role, /** @type {number} */ place) => {
    const trace = template(map, role);
    Object.assign(trace.line, { color: look[place]?.color, dash: look[place]?.dash });
    if (look[place]?.selected) trace.line.width = palette.selected_width;
    return trace;
  };
  const lines = (split ? ["ghost", "path"] : ["path"]).flatMap((role) => places.map((place) => line(role, place)));
  const futures = futuresOf(state, places).map(({ place }) => line("forked", place));
  const playhead = template(map, "playhead");
  playhead.marker.color = chosen(look, places).map(({ color }) => color);
  const start = template(map, "start");
  start.marker.color = startColours(state, look, places, start.marker.color);
  const still = ["saddle", "maximum", "local", "minima"].map((role) => template(map, role));
  const marks = [start, playhead, ...still];
  const all = [...futures, ...lines, ...marks, ...arrowTraces(map, palette, arrows)];
  return all.map((trace) => ({ ...trace, ...axesOf(part) }));
}

/**
 * @param {number} part
 * @returns {{ xaxis?: string, yaxis?: string }} nothing for the first, whose axes need no name
 */
const axesOf = (part) => (part ? { xaxis: `x${part + 1}`, yaxis: `y${part + 1}` } : {});

/** @type {WeakMap<Float32Array, [number[], number[]]>} */
const taken = new WeakMap();

/**
 * Taken apart once: a playhead cuts the same points in every frame.
 * @param {Float32Array} [points]
 */
function columnsOf(points) {
  const made = (points && taken.get(points)) ?? columns(points);
  if (points) taken.set(points, made);
  return made;
}

/**
 * Points of every run, split at the playhead.
 * @param {import("../types").State} state
 * @returns {Piece[]}
 */
export function piecesOf(state) {
  const { result, landscape, playhead, comparison, hidden } = state;
  return comparison.runs.map((_, place) => {
    if (hidden.includes(place)) return { x: [], y: [], cut: 0 };
    const run = result?.runs[place]?.arrays;
    const points = isNetwork(state) ? landscape?.runs[place]?.xy : (run?.path_median ?? run?.path);
    const at = isNetwork(state) ? landscape?.runs[place]?.at : undefined;
    const [x, y] = columnsOf(points);
    let cut = playhead === null ? x.length - 1 : playhead;
    if (at && playhead !== null) cut = lastUntil(at, playhead);
    cut = Math.max(0, Math.min(cut, x.length - 1));
    return { x, y, cut };
  });
}

/**
 * Where runs that have forked would have gone from there.
 * @param {import("../types").State} state
 * @param {number[]} places
 */
function futuresOf({ comparison, ghosts, hidden }, places) {
  return places.flatMap((place) => {
    const [at, ghost] = [comparison.runs[place]?.fork?.at, ghosts[place]];
    if (!ghost || at === undefined || hidden.includes(place)) return [];
    const left = ghost.path.slice(at);
    return [{ place, x: left.map(([x]) => x), y: left.map(([, y]) => y) }];
  });
}

/**
 * Where the runs start: the start that is shared, where one of them shares it, then those of runs that have their own.
 * @param {import("../types").State} state
 * @param {Piece[]} runs
 * @param {number[]} places of those runs
 */
function startOf(state, runs, places) {
  const { comparison } = state;
  const first = runs.find((run) => run.x.length);
  const start = isNetwork(state) ? [first?.x[0], first?.y[0]] : (comparison.start ?? problemEntry(comparison)?.start);
  const own = ownStarts(state, places).map((one) => one.start);
  const all = shared(state, places) && start?.[0] !== undefined ? [start, ...own] : own;
  return { x: all.map(([x]) => x), y: all.map(([, y]) => y) };
}

/**
 * The colours of those rings.
 * @param {import("../types").State} state
 * @param {ReturnType<typeof looks>} look of all runs
 * @param {number[]} places
 * @param {string} ink
 */
function startColours(state, look, places, ink) {
  const own = ownStarts(state, places).map(({ place }) => look[place]?.color ?? ink);
  return shared(state, places) ? [ink, ...own] : own;
}

/**
 * @param {import("../types").State} state
 * @param {number[]} places
 */
const shared = ({ comparison }, places) => places.some((place) => !comparison.runs[place]?.start);

/**
 * The runs that are shown and start where the others do not.
 * @param {import("../types").State} state
 * @param {number[]} [places] all of them, unless some are named
 */
export function ownStarts({ comparison, hidden }, places = comparison.runs.map((_, place) => place)) {
  return places.flatMap((place) => {
    const start = comparison.runs[place]?.start;
    return start && !hidden.includes(place) ? [{ place, start }] : [];
  });
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
    local: points(few(others)),
  };
}

/** @param {[number, number, number][]} marks so many would hide the paths */
const few = (marks) => (marks.length > MOST_LOCAL ? [] : marks);

/** @param {[number, number, number][]} minima */
const points = (minima) => ({ x: minima.map(([x]) => x), y: minima.map(([, y]) => y) });
