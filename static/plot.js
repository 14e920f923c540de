// The two ways in which a figure gets new data: at once, or with a new look.

const AT_ONCE = { mode: "immediate", transition: { duration: 0 }, frame: { duration: 0, redraw: false } };
const STILL = { displayModeBar: false, staticPlot: true, responsive: false };
const GAP = { x: [null], y: [null] };

/**
 * Plotly leaves what became empty as it was drawn last; a gap takes its place.
 * @param {any} trace
 */
const drawn = (trace) => (trace.x?.length === 0 || trace.y?.length === 0 ? { ...trace, ...GAP } : trace);

/**
 * Move data into all traces, without looking at axes or styles again.
 * @param {HTMLElement} element
 * @param {object[]} data
 */
export function move(element, data) {
  const traces = data.map((_, place) => place);
  // A later move interrupts this one, and Plotly rejects what was interrupted: no news to anyone.
  window.Plotly.animate(element, { data: data.map(drawn), traces }, AT_ONCE).catch(() => {});
}

/**
 * Draw anew, where axes, sizes or looks have changed: `react` would leave the clipping of the old size in place.
 * @param {HTMLElement} element
 * @param {object[]} data
 * @param {object} layout
 */
export function redraw(element, data, layout) {
  window.Plotly.newPlot(element, data, layout, STILL);
}

/**
 * Give a plot of the same size and look new data of any kind, heights too.
 * @param {HTMLElement} element
 * @param {object[]} data
 * @param {object} layout
 */
export function refill(element, data, layout) {
  window.Plotly.react(element, data, layout, STILL);
}
