// The chart of a slice: the loss on its line, and the runs above it.
import { piecesOf } from "./paths.js";
import { shownWindow } from "./window.js";

const NEAR = 0.03; // of the map's diagonal: so far off the line a point is drawn as on it
const MOST_DOTS = 150;
const STATIONARY = 1e-2; // of the steepest slope on the line
const WALL = 4; // how much higher than three quarters of the line its walls are shown
const BAR = 0.05; // of the line

/** @typedef {[number, number]} Point */
/** @typedef {{ x: number[], y: number[], loss: (number | null)[], slope: (number | null)[], level: { along: number, loss: number, kind: string, gradient: number }[] }} Profile */

/**
 * Data of the chart, the role of each trace, and ranges of the axes.
 * @param {import("../types").State} state
 * @param {Profile} profile
 * @param {"x" | "y" | "way"} axis
 */
export function chartOf(state, profile, axis) {
  const { x, y, loss, slope, level } = profile;
  const last = x.length - 1;
  const pointAt = (/** @type {number} */ at) => /** @type {Point} */ ([x[at] ?? 0, y[at] ?? 0]);
  const [start, end] = /** @type {[Point, Point]} */ ([pointAt(0), pointAt(last)]);
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
  const coordinate = (/** @type {number} */ along) => {
    if (axis === "way") return along * length;
    const place = axis === "x" ? 0 : 1;
    return start[place] + along * (end[place] - start[place]);
  };
  const sound = loss.filter((value) => value !== null).sort((one, other) => one - other);
  const low = sound[0] ?? 0;
  const quarter = sound[Math.floor(0.75 * (sound.length - 1))] ?? 1;
  const high = Math.min(sound[sound.length - 1] ?? 1, low + WALL * (quarter - low) || low + 1);
  const spare = 0.08 * (high - low || 1);
  const steepest = Math.max(...slope.map((value) => Math.abs(value ?? 0)));
  const bars = level.flatMap(({ along }) => [along - BAR, along + BAR, Number.NaN].map(coordinate));
  const stars = level.filter(({ kind, gradient }) => kind === "minimum" && gradient < STATIONARY * steepest);
  const trails = trailsOf(state, start, end, coordinate);
  const gaps = (/** @type {number[]} */ values) => values.map((value) => (Number.isFinite(value) ? value : null));
  const runs = trails.map((_, run) => run);
  return {
    ranges: [
      [coordinate(0), coordinate(1)],
      [low - spare, high + spare],
    ],
    roles: [
      { role: "profile", run: null },
      { role: "level", run: null },
      ...["trail-far", "trail"].flatMap((role) => runs.map((run) => ({ role, run }))),
      { role: "playhead", run: null },
      { role: "minima", run: null },
    ],
    data: [
      { x: x.map((_, at) => coordinate(at / last)), y: loss },
      { x: gaps(bars), y: level.flatMap((one) => [one.loss, one.loss, null]) },
      ...trails.map(({ far }) => far),
      ...trails.map(({ near }) => near),
      { x: trails.map(({ now }) => now?.[0] ?? null), y: trails.map(({ now }) => now?.[1] ?? null) },
      { x: stars.map(({ along }) => coordinate(along)), y: stars.map((one) => one.loss) },
    ],
  };
}

/**
 * Where runs were until the playhead: at their own losses, above the nearest point of the line, and whether they were
 * on it or only beside it.
 * @param {import("../types").State} state
 * @param {Point} start
 * @param {Point} end
 * @param {(along: number) => number} coordinate
 */
function trailsOf(state, start, end, coordinate) {
  const view = shownWindow(state);
  const reach = view ? NEAR * Math.hypot(view.x[1] - view.x[0], view.y[1] - view.y[0]) : 0;
  const [across, up] = [end[0] - start[0], end[1] - start[1]];
  const square = across ** 2 + up ** 2;
  return piecesOf(state).map(({ x, y, cut }, run) => {
    const losses = state.result?.runs[run]?.arrays.loss;
    const stride = Math.max(1, Math.ceil((cut + 1) / MOST_DOTS));
    const [near, far] = [0, 1].map(() => ({ x: /** @type {number[]} */ ([]), y: /** @type {number[]} */ ([]) }));
    /** @type {Point | null} */
    let now = null;
    for (let at = 0; at <= cut && at < x.length; at++) {
      if (at % stride && at !== cut) continue;
      const [dx, dy] = [(x[at] ?? 0) - start[0], (y[at] ?? 0) - start[1]];
      const along = (dx * across + dy * up) / square;
      const off = Math.abs(dx * up - dy * across) / Math.sqrt(square);
      const trail = off <= reach ? near : far;
      const point = /** @type {Point} */ ([coordinate(along), losses?.[at] ?? Number.NaN]);
      if (!Number.isFinite(point[1])) continue;
      trail?.x.push(point[0]);
      trail?.y.push(point[1]);
      if (at === cut) now = point;
    }
    return { near: near ?? { x: [], y: [] }, far: far ?? { x: [], y: [] }, now };
  });
}
