// What stands above the ground of a map: paths up to the playhead, their ghosts beyond it, start and minima.
import { figures, looks, problemEntry, template } from "./catalog.js";
import { lastUntil } from "./numbers.js";
import { move, redraw } from "./plot.js";
import { isNetwork, mapLayout } from "./window.js";

const MOST_LOCAL = 24;

/** @typedef {{ x: number[], y: number[], cut: number }} Piece points of a run, and which of them the playhead is at */

/**
 * @param {HTMLElement} element
 * @param {import("./types").Store} store
 */
export function createPaths(element, store) {
  let shape = "";

  /**
   * @param {import("./window").Size} size
   * @param {string} ground what lies below is drawn for; another one is another layout
   */
  function draw(size, ground) {
    const state = store.get();
    const look = looks(state.comparison, state.theme);
    const runs = piecesOf(state);
    const split = state.playhead !== null;
    const stars = starsOf(isNetwork(state) ? [] : (state.heights?.minima ?? []));
    const ghosts = !split ? [] : runs.map(({ x, y, cut }) => ({ x: x.slice(cut), y: y.slice(cut) }));
    const paths = runs.map(({ x, y, cut }) => ({ x: x.slice(0, cut + 1), y: y.slice(0, cut + 1) }));
    const playhead = {
      x: runs.map((run) => run.x[run.cut] ?? null),
      y: runs.map((run) => run.y[run.cut] ?? null),
    };
    const data = [...ghosts, ...paths, startOf(state, runs), playhead, stars.local, stars.minima];
    const key = JSON.stringify([look, ground, split]);
    if (key === shape) return move(element, data);
    const { map } = figures.themes[state.theme];
    const styled = [
      ...(split ? ["ghost", "path"] : ["path"]).flatMap((role) =>
        look.map(({ color, dash }) => {
          const trace = template(map, role);
          Object.assign(trace.line, { color, dash });
          return trace;
        }),
      ),
      template(map, "start"),
      template(map, "playhead"),
      template(map, "local"),
      template(map, "minima"),
    ];
    const playheads = styled[styled.length - 3];
    if (playheads) playheads.marker.color = look.map(({ color }) => color);
    redraw(
      element,
      styled.map((trace, place) => ({ ...trace, ...data[place] })),
      mapLayout(state, size, true),
    );
    shape = key;
  }

  return { draw };
}

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
