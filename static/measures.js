// What is told of a run in numbers: how it ended, how far it walked, how straight.

const NEAR = 0.01; // of the way down

/**
 * @param {import("./types").RunResult} run on a surface
 * @param {number} lowest the known minimum; Infinity where none is known: then the lowest loss of all runs
 */
export function measures({ arrays, status, steps }, lowest) {
  const loss = arrays.loss ?? new Float32Array();
  const path = arrays.path ?? new Float32Array();
  const [first, last] = [loss[0] ?? Number.NaN, loss[loss.length - 1] ?? Number.NaN];
  const goal = lowest + NEAR * (first - lowest);
  const near = loss.findIndex((value) => value <= goal);
  let [length, turns] = [0, 0];
  let [beforeX, beforeY] = [0, 0];
  for (let place = 2; place < path.length; place += 2) {
    const x = (path[place] ?? 0) - (path[place - 2] ?? 0);
    const y = (path[place + 1] ?? 0) - (path[place - 1] ?? 0);
    length += Math.hypot(x, y);
    if (x * beforeX + y * beforeY < 0) turns += 1;
    [beforeX, beforeY] = [x, y];
  }
  const walked = path.length / 2 - 1;
  return {
    final: last,
    best: least(loss),
    near: near < 0 ? null : near,
    length,
    zigzag: walked > 1 ? turns / (walked - 1) : 0,
    status,
    steps,
  };
}

/**
 * The lowest loss that the runs are measured by.
 * @param {import("./types").RunResult[]} runs
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
