// The state that a page begins with, and the one in which it opens another comparison.

/**
 * @param {import("../types").Comparison} comparison
 * @param {"light" | "dark"} theme
 * @param {string} layout
 * @returns {import("../types").State}
 */
export function initialState(comparison, theme, layout) {
  return {
    comparison,
    theme,
    layout,
    view: null,
    framed: false,
    zoomed: null,
    camera: null,
    slice: { kind: "minimum" },
    plane: { kind: "pca" },
    result: null,
    heights: null,
    formula: null,
    landscape: null,
    playhead: null,
    playing: false,
    loop: false,
    hidden: [],
    forking: false,
    ghosts: [],
    selected: null,
    anatomy: false,
    theory: false,
    history: { back: false, forth: false },
    chart: "loss",
    second: undefined,
    scales: {},
    above: true,
    coordinate: "both",
    slot: null,
    moving: false,
    moved: null,
    notice: null,
    errors: [],
    failure: null,
    connection: "connecting",
    waiting: false,
  };
}

/**
 * Put another comparison in the place of the present one: nothing of that is drawn, played or complained about any more.
 * @param {import("../types").Store} store
 * @param {import("../types").Comparison} comparison
 */
export function openComparison(store, comparison) {
  store.update({
    comparison,
    result: null,
    landscape: null,
    playhead: null,
    playing: false,
    hidden: [],
    forking: false,
    ghosts: [],
    selected: null,
    moving: false,
    moved: null,
    errors: [],
    failure: null,
  });
}
