// Which runs are shown: a view of the comparison, not a part of it, so that no link and no server knows of it.

/**
 * Hide a run, or show it again.
 * @param {import("../types").Store} store
 * @param {number} run
 */
export function toggleHidden(store, run) {
  const { hidden, comparison } = store.get();
  if (run >= comparison.runs.length) return;
  store.update({ hidden: hidden.includes(run) ? hidden.filter((one) => one !== run) : [...hidden, run] });
}

/**
 * What is hidden after a run was added at a place, or removed from it.
 * @param {number[]} hidden
 * @param {number} place
 * @param {1 | -1} more
 */
export function shifted(hidden, place, more) {
  return hidden
    .filter((run) => more > 0 || run !== place)
    .map((run) => (run > place || (more > 0 && run === place) ? run + more : run));
}

/**
 * Where runs are found again once undo has brought others, or taken them away.
 * @param {import("../types").Run[]} before
 * @param {import("../types").Run[]} after
 * @returns {(place: number) => number} −1 where one is gone
 */
export function foundAgain(before, after) {
  if (before.length === after.length) return (place) => place;
  const known = after.map((run) => JSON.stringify(run));
  return (place) => known.indexOf(JSON.stringify(before[place]));
}
