// The anatomy of a step on the map: what pulls, what is remembered, and the step.
import { stepsAt } from "../runs/anatomy.js";
import { template } from "../base/catalog.js";
import { shownWindow } from "./window.js";

const SHORTEST = 22; // pixels
const LONGEST = 0.2; // of the map's smaller side
const DECADES = 5; // below the run's largest at which an arrow is shortest
const HEAD = 9; // pixels
const SPREAD = 0.42; // radians from the shaft to the head's edges
const BESIDE = 13; // pixels from a tip to its name

/** @typedef {{ x: (number | null)[], y: (number | null)[] }} Line */

/**
 * The step is drawn true to scale. Of gradient and memory the direction is true, and the length grows with the
 * logarithm of their size: they shrink by powers of ten on the way to a minimum.
 * @param {import("../types").State} state
 * @param {number[]} runs of the map
 * @param {import("./window").Size} size of the map
 */
export function arrowsOf(state, runs, { width: across, height: up }) {
  const steps = stepsAt(state).filter(({ run }) => runs.includes(run));
  const view = shownWindow(state);
  if (!steps.length || !view) return { count: 0, data: [] };
  const scale = /** @type {const} */ ([across / (view.x[1] - view.x[0]), up / (view.y[1] - view.y[0])]);
  const longest = LONGEST * Math.min(across, up);
  /** @type {Record<"gradient" | "memory" | "step", Line>} */
  const lines = { gradient: line(), memory: line(), step: line() };
  /** @type {{ x: (number | null)[], y: (number | null)[], text: string[] }} */
  const names = { ...line(), text: [] };
  for (const { run, from, to, gradient, remembered } of steps) {
    const arrays = state.result?.runs[run]?.arrays ?? {};
    const sized = (/** @type {number} */ value, /** @type {number} */ most) =>
      SHORTEST + (longest - SHORTEST) * Math.max(0, 1 + Math.log10(value / most) / DECADES);
    const pull = /** @type {[number, number]} */ ([-gradient[0], -gradient[1]]);
    const pulled = sized(Math.hypot(...pull), largest(arrays.gradient));
    draw(lines.gradient, names, from, pull, scale, pulled, "−g", 1);
    if (remembered) {
      const { value, sign, name, mathml } = remembered;
      const along = /** @type {[number, number]} */ ([sign * value[0], sign * value[1]]);
      const symbol = `${sign < 0 ? "−" : ""}${symbolOf(mathml)}`;
      const length = sized(Math.hypot(...value), largest(arrays[name]));
      draw(lines.memory, names, from, along, scale, length, symbol, -1);
    } else name(names, null, null, "");
    const moved = /** @type {[number, number]} */ ([to[0] - from[0], to[1] - from[1]]);
    draw(lines.step, names, from, moved, scale, null, "Δx", 0, to);
  }
  return { count: steps.length, data: [lines.gradient, lines.memory, lines.step, names] };
}

/**
 * @param {import("../types").Skeleton} map
 * @param {import("../types").Palette} palette
 * @param {number} count of steps
 */
export function arrowTraces(map, palette, count) {
  if (!count) return [];
  const label = template(map, "arrow-label");
  const colors = [palette.gradient, palette.memory, palette.ink];
  label.textfont.color = Array.from({ length: 3 * count }, (_, place) => colors[place % 3]);
  return [...["gradient", "memory", "step"].map((role) => template(map, role)), label];
}

/** @returns {Line} */
const line = () => ({ x: [], y: [] });

/**
 * Shaft and head, and the name beyond the tip.
 * @param {Line} into
 * @param {{ x: (number | null)[], y: (number | null)[], text: string[] }} names
 * @param {[number, number]} from
 * @param {[number, number]} along
 * @param {readonly [number, number]} scale pixels of one in x and in y
 * @param {number | null} length in pixels; null: as long as it is
 * @param {string} text
 * @param {number} side of the tip at which the name stands, 1 left, −1 right, 0 straight on
 * @param {[number, number]} [tip] where that is known exactly
 */
function draw(into, names, from, along, scale, length, text, side, tip) {
  const [right, high] = [along[0] * scale[0], along[1] * scale[1]];
  const own = Math.hypot(right, high);
  if (!own || !Number.isFinite(own)) return name(names, null, null, "");
  const drawn = length ?? own;
  const at = (/** @type {number} */ far, /** @type {number} */ turn, /** @type {[number, number]} */ origin) => {
    const angle = Math.atan2(high, right) + turn;
    return /** @type {[number, number]} */ ([
      origin[0] + (far * Math.cos(angle)) / scale[0],
      origin[1] + (far * Math.sin(angle)) / scale[1],
    ]);
  };
  const end = tip ?? at(drawn, 0, from);
  const head = Math.min(HEAD, drawn / 2);
  const edges = [SPREAD, -SPREAD].map((turn) => at(-head, turn, end));
  for (const point of [from, end, edges[0], end, edges[1], null]) {
    into.x.push(point?.[0] ?? null);
    into.y.push(point?.[1] ?? null);
  }
  const beside = at(BESIDE, side * (Math.PI / 3), end);
  name(names, beside[0], beside[1], text);
}

/**
 * @param {{ x: (number | null)[], y: (number | null)[], text: string[] }} names
 * @param {number | null} x
 * @param {number | null} y
 * @param {string} text
 */
function name(names, x, y, text) {
  names.x.push(x);
  names.y.push(y);
  names.text.push(text);
}

/** @type {Map<string, string>} */
const symbols = new Map();

/**
 * A symbol as plain text; read once, since arrows are drawn in every frame of a drag.
 * @param {string} mathml
 */
function symbolOf(mathml) {
  const text = symbols.get(mathml) ?? new DOMParser().parseFromString(mathml, "text/html").body.textContent ?? "";
  symbols.set(mathml, text);
  return text;
}

/** @type {WeakMap<Float32Array, number>} */
const known = new WeakMap();

/** @param {Float32Array | undefined} pairs */
function largest(pairs) {
  if (!pairs) return 1;
  let most = known.get(pairs);
  if (most !== undefined) return most;
  most = Number.MIN_VALUE;
  for (let place = 0; place < pairs.length; place += 2)
    most = Math.max(most, Math.hypot(pairs[place] ?? 0, pairs[place + 1] ?? 0));
  known.set(pairs, most);
  return most;
}
