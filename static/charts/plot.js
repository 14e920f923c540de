// How figures are drawn, and get new data: at once where only these are other, anew where the look is; all of Plotly.
import { drawDirectly, forgetDrawn, forgetMoved, moveAgain } from "./direct.js";

const AT_ONCE = { mode: "immediate", transition: { duration: 0 }, frame: { duration: 0, redraw: false } };
const STILL = { displayModeBar: false, staticPlot: true, responsive: false };
const TURNABLE = { displayModeBar: false, responsive: false, scrollZoom: true };
const STEEPEST = 1.5; // radians, short of straight above
const GAP = { x: [null], y: [null] };

/**
 * What the traces of a plot show, by the arrays they were given; a move that has not arrived yet stands for
 * itself and is like nothing.
 * @type {WeakMap<HTMLElement, (any | null)[]>}
 */
const shown = new WeakMap();

/**
 * Plotly leaves what became empty as it was drawn last; a gap takes its place.
 * @param {any} trace
 */
const drawn = (trace) => (trace.x?.length === 0 || trace.y?.length === 0 ? { ...trace, ...GAP } : trace);

/**
 * @param {any} first
 * @param {any} second
 */
function alike(first, second) {
  if (!first || !second || first.under) return false;
  for (const key of Object.keys(second)) {
    const [before, after] = [first[key], second[key]];
    if (before === after) continue;
    if (before?.length !== after?.length) return false;
    for (let place = 0; place < after.length; place++) if (before[place] !== after[place]) return false;
  }
  return true;
}

/**
 * What a plot is to show once the task under way has ended.
 * @type {WeakMap<HTMLElement, object[]>}
 */
const wanted = new WeakMap();

/**
 * Move data into the traces whose data are other than before, without looking at axes or styles again. Of several moves
 * in one task the last counts, and none where the plot is drawn anew after it: Plotly would go on with traces that are
 * gone.
 * @param {HTMLElement} element
 * @param {object[]} data
 */
export function move(element, data) {
  if (!wanted.has(element))
    queueMicrotask(() => {
      const latest = wanted.get(element);
      wanted.delete(element);
      if (latest) animate(element, latest);
    });
  wanted.set(element, data);
}

/**
 * @param {HTMLElement} element
 * @param {object[]} data
 */
function animate(element, data) {
  const before = shown.get(element) ?? [];
  const own = /** @type {any} */ (element).data ?? [];
  const traces = data
    .map((_, place) => place)
    .filter((place) => {
      if (alike(before[place], data[place])) return false;
      const next = drawn(data[place]);
      if (!before[place] || before[place].under || !drawDirectly(element, place, before[place], next)) return true;
      Object.assign(own[place], next); // what Plotly reads when it has to draw the next time
      before[place] = data[place];
      return false;
    });
  if (!traces.length) return;
  const moved = traces.map((place) => data[place]);
  const mine = { under: "way" };
  for (const place of traces) before[place] = mine;
  forgetDrawn(element, traces);
  forgetMoved(element, traces);
  const known = () =>
    traces.forEach((place, index) => {
      if (before[place] === mine) before[place] = moved[index];
    });
  // A later move interrupts this one, and Plotly rejects what was interrupted: no news to anyone.
  window.Plotly.animate(element, { data: moved.map(drawn), traces }, AT_ONCE).then(known, () => {});
}

/**
 * Draw anew, where axes, sizes or looks have changed: `react` would leave the clipping of the old size in place.
 * @param {HTMLElement} element
 * @param {object[]} data
 * @param {object} layout
 * @returns {Promise<void>} done when it is drawn
 */
export function redraw(element, data, layout) {
  wanted.delete(element);
  forgetMoved(element);
  shown.set(element, [...data]);
  return settle(element, window.Plotly.newPlot(element, data, layout, STILL));
}

/**
 * Show another window of the same picture: only its axes and what lies on them is drawn again.
 * @param {HTMLElement} element
 * @param {Record<string, any>} layout
 */
export function reframe(element, layout) {
  const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
  const ranges = Object.fromEntries(axes.map((axis) => [`${axis}.range`, layout[axis].range]));
  void settle(element, window.Plotly.relayout(element, ranges));
}

/**
 * While Plotly draws all of a plot, and once it has, nothing that was found in it before is what stands there.
 * @param {HTMLElement} element
 * @param {Promise<unknown>} done
 */
async function settle(element, done) {
  forgetDrawn(element);
  await done;
  forgetDrawn(element);
  moveAgain(element);
}

/**
 * Give a plot of the same size and look new data of any kind, heights too.
 * @param {HTMLElement} element
 * @param {object[]} data
 * @param {object} layout
 * @param {boolean} [turnable] whether a hand may turn it
 * @returns {Promise<void>} done when it is drawn
 */
export function refill(element, data, layout, turnable = false) {
  return window.Plotly.react(element, data, layout, turnable ? TURNABLE : STILL);
}

/** @type {WeakSet<HTMLElement>} plots whose camera somebody is told of */
const watched = new WeakSet();

/**
 * Tell when a hand has turned a plot in space.
 * @param {HTMLElement} element
 * @param {(camera: object) => void} listener
 */
export function onCamera(element, listener) {
  if (watched.has(element)) return;
  watched.add(element);
  /** @type {any} */ (element).on("plotly_relayout", (/** @type {Record<string, any>} */ event) => {
    if (event["scene.camera"]) listener(event["scene.camera"]);
  });
}

/**
 * The camera of a plot in space, turned about the upright axis and towards it, and as many times as far away.
 * @param {HTMLElement} element
 * @param {number} around in radians
 * @param {number} upward in radians
 * @param {number} away
 */
export function turn(element, around, upward, away) {
  const { camera } = /** @type {any} */ (element)._fullLayout.scene;
  const { x, y, z } = camera.eye;
  const far = Math.hypot(x, y, z) * away;
  const azimuth = Math.atan2(y, x) + around;
  const height = Math.min(STEEPEST, Math.max(-STEEPEST, Math.asin(z / Math.hypot(x, y, z)) + upward));
  const flat = far * Math.cos(height);
  const eye = { x: flat * Math.cos(azimuth), y: flat * Math.sin(azimuth), z: far * Math.sin(height) };
  return { eye, center: camera.center, up: camera.up };
}

/**
 * Show in another element of the same size what was drawn in one: cheaper than to draw it again.
 * @param {HTMLElement} from
 * @param {HTMLElement} to
 */
export function copy(from, to) {
  const picture = from.querySelector("svg.main-svg");
  if (picture) to.replaceChildren(picture.cloneNode(true));
}

/**
 * Forget a plot whose element is taken away.
 * @param {HTMLElement} element
 */
export function clear(element) {
  wanted.delete(element);
  forgetDrawn(element);
  forgetMoved(element);
  window.Plotly.purge(element);
}
