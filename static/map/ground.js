// The ground of a map: heights as colour and contour lines.
import { figures, template } from "../base/catalog.js";
import { redraw, refill } from "../charts/plot.js";
import { heightsBelow, isNetwork, mapLayout, marginsOf, shownWindow } from "./window.js";

/**
 * @param {HTMLElement} element
 * @param {import("../types").Store} store
 * @param {import("./window").Margin} [margin] in the place of the usual one
 * @param {number[]} [runs] those above it, all unless some are named: they may be on a surface of their own
 */
export function createGround(element, store, margin, runs) {
  let shape = "";
  /** @type {unknown} */
  let drawn = null;
  let coarse = false;

  /**
   * @param {import("./window").Size} size
   * @returns {Promise<void> | null} done when it is drawn; null where it stands already
   */
  function draw(size) {
    const state = store.get();
    const { theme, moving } = state;
    const from = isNetwork(state) ? state.landscape : heightsBelow(state, runs);
    const key = JSON.stringify([theme, size, shownWindow(state), state.comparison.problem.kind]);
    const hurried = moving && !isNetwork(state);
    if (key === shape && from === drawn && (hurried || !coarse)) return null;
    const all = from ? { x: from.x, y: from.y, z: rows(from.shade, from.x.length) } : { x: [], y: [], z: [] };
    const { map } = figures.themes[theme];
    const data = [
      { ...template(map, "heat"), ...all },
      { ...template(map, "contour"), ...(hurried ? everySecond(all) : all) },
    ];
    coarse = hurried && from !== null;
    const { t, r, b, l } = margin ?? marginsOf(state);
    element.style.setProperty("--inset", `${t}px ${r}px ${b}px ${l}px`);
    const layout = mapLayout(state, size, { x: false, y: false, names: !margin, margin });
    const done = key === shape ? refill(element, data, layout) : redraw(element, data, layout);
    shape = key;
    drawn = from;
    return done;
  }

  return {
    draw,
    /** Whether it was drawn in a hurry, to be drawn again once the hand rests. */
    coarse: () => coarse,
  };
}

/**
 * @param {Float32Array} flat
 * @param {number} width
 */
export function rows(flat, width) {
  const made = [];
  for (let from = 0; from < flat.length; from += width) made.push(flat.subarray(from, from + width));
  return made;
}

/**
 * Hairlines of a moving surface are drawn from every second row and column, a quarter of the work; once the hand lets
 * go they are drawn from all.
 * @param {{x: ArrayLike<number>, y: ArrayLike<number>, z: Float32Array[]}} grid
 */
function everySecond({ x, y, z }) {
  const thin = (/** @type {ArrayLike<number>} */ line) => {
    const kept = [];
    for (let place = 0; place < line.length; place += 2) kept.push(line[place] ?? 0);
    if (line.length % 2 === 0 && line.length) kept[kept.length - 1] = line[line.length - 1] ?? 0;
    return kept;
  };
  const kept = z.filter((_, place) => place % 2 === 0);
  const last = z[z.length - 1];
  if (last && z.length % 2 === 0) kept[kept.length - 1] = last;
  return { x: thin(x), y: thin(y), z: kept.map(thin) };
}
