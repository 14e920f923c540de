// The two ways in which a figure gets new data: at once, or with a new look.

const AT_ONCE = { mode: "immediate", transition: { duration: 0 }, frame: { duration: 0, redraw: false } };
const STILL = { displayModeBar: false, staticPlot: true, responsive: false };

/**
 * Move data into all traces, without looking at axes or styles again.
 * @param {HTMLElement} element
 * @param {object[]} data
 */
export function move(element, data) {
  const traces = data.map((_, place) => place);
  // A later move interrupts this one, and Plotly rejects what was interrupted: no news to anyone.
  window.Plotly.animate(element, { data, traces }, AT_ONCE).catch(() => {});
}

/**
 * @param {HTMLElement} element
 * @param {object[]} data
 * @param {object} layout
 */
export function redraw(element, data, layout) {
  window.Plotly.react(element, data, layout, STILL);
}
