// The state that a page begins with.

/**
 * @param {import("./types").Comparison} comparison
 * @param {"light" | "dark"} theme
 * @returns {import("./types").State}
 */
export function initialState(comparison, theme) {
  return {
    comparison,
    theme,
    view: null,
    plane: { kind: "pca" },
    result: null,
    heights: null,
    landscape: null,
    playhead: null,
    playing: false,
    loop: false,
    chart: "loss",
    moving: false,
    moved: null,
    errors: [],
    failure: null,
    connection: "connecting",
    waiting: false,
  };
}
