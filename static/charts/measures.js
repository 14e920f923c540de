// What is told of a run in numbers: how it ended, how far it walked, how straight.

const NEAR = 0.01; // of the way down
const EQUALLY_LOW = 1e-6;

/**
 * @param {import("../types").RunResult} run on a surface
 * @param {number} lowest the known minimum's loss, or else the lowest of all runs
 * @param {[number, number, number][]} minima known ones
 */
export function measures({ arrays, status, steps }, lowest, minima) {
  const loss = arrays.loss ?? new Float32Array();
  const path = arrays.path ?? new Float32Array();
  const [first, last] = [loss[0] ?? Number.NaN, loss[loss.length - 1] ?? Number.NaN];
  const goal = lowest + NEAR * (first - lowest);
  const near = loss.findIndex((value) => value <= goal);
  let [length, turning] = [0, 0];
  let [beforeX, beforeY] = [0, 0];
  for (let place = 2; place < path.length; place += 2) {
    const x = (path[place] ?? 0) - (path[place - 2] ?? 0);
    const y = (path[place + 1] ?? 0) - (path[place - 1] ?? 0);
    const way = Math.hypot(x, y);
    length += way;
    // By length: what a run does at the bottom, in steps that nobody sees, is not what it looks like.
    if (x * beforeX + y * beforeY < 0) turning += way;
    [beforeX, beforeY] = [x, y];
  }
  return {
    final: last,
    best: least(loss),
    near: near < 0 ? null : near,
    length,
    zigzag: length ? turning / length : 0,
    overshoot: overshoot(path, minima),
    status,
    steps,
  };
}

/**
 * How far a run went past the lowest known minimum: the greatest distance beyond it along the direction from the start
 * to it; of several equally low ones it is the one next to the run's end. Null where none is known.
 * @param {Float32Array} path
 * @param {[number, number, number][]} minima
 */
function overshoot(path, minima) {
  const [startX, startY] = [path[0] ?? 0, path[1] ?? 0];
  const [endX, endY] = [path[path.length - 2] ?? 0, path[path.length - 1] ?? 0];
  const lowest = Math.min(...minima.map(([, , value]) => value));
  let [goal, nearest] = [/** @type {[number, number, number] | null} */ (null), Infinity];
  for (const one of minima) {
    const far = Math.hypot(one[0] - endX, one[1] - endY);
    if (one[2] - lowest <= EQUALLY_LOW * Math.max(1, Math.abs(lowest)) && far < nearest) [goal, nearest] = [one, far];
  }
  if (!goal) return null;
  const [alongX, alongY] = [goal[0] - startX, goal[1] - startY];
  const distance = Math.hypot(alongX, alongY);
  if (!distance) return null; // a run that starts in the minimum has no direction to it
  let most = 0;
  for (let place = 0; place < path.length; place += 2) {
    const along = ((path[place] ?? 0) - startX) * alongX + ((path[place + 1] ?? 0) - startY) * alongY;
    most = Math.max(most, along / distance - distance);
  }
  return most;
}

/**
 * The lowest loss that the runs are measured by.
 * @param {import("../types").RunResult[]} runs
 * @param {[number, number, number][]} minima known ones
 */
export function lowestOf(runs, minima) {
  if (minima.length) return Math.min(...minima.map(([, , value]) => value));
  return Math.min(...runs.map(({ arrays }) => least(arrays.loss)));
}

/** @param {Float32Array | undefined} values */
export function least(values) {
  let lowest = Infinity;
  for (const value of values ?? []) if (value < lowest) lowest = value;
  return lowest;
}
