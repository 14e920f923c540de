// Which run is selected: a view of the comparison, like what is hidden, so that no link and no server knows of it.

/**
 * The selected run, by its place; null where none is. A run that is alone is selected.
 * @param {import("../types").State} state
 */
export function selectedRun({ selected, comparison }) {
  if (comparison.runs.length === 1) return 0;
  return selected !== null && selected < comparison.runs.length ? selected : null;
}

/**
 * Select a run, or no longer.
 * @param {import("../types").Store} store
 * @param {number} run
 */
export function toggleSelected(store, run) {
  const { selected, comparison } = store.get();
  if (run < comparison.runs.length) store.update({ selected: selected === run ? null : run });
}

/**
 * The runs that something is about where nobody says which: the selected one, else all that are shown.
 * @param {import("../types").State} state
 */
export function meantRuns(state) {
  const selected = selectedRun(state);
  if (selected !== null) return [selected];
  return state.comparison.runs.map((_, place) => place).filter((place) => !state.hidden.includes(place));
}

/**
 * What is selected after a run was added at a place, or removed from it.
 * @param {number | null} selected
 * @param {number} place
 * @param {1 | -1} more
 */
export function selectedAfter(selected, place, more) {
  if (selected === null || (more < 0 && selected === place)) return null;
  return selected >= place ? selected + more : selected;
}
