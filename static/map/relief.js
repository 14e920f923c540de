// The landscape in space: the same heights as a surface, rotated by a hand or by keys, and the paths on it.
import { axisNames, figures, looks, template } from "../base/catalog.js";
import { h } from "../base/dom.js";
import { rows } from "./ground.js";
import { t } from "../base/language.js";
import { short } from "../base/numbers.js";
import { partData, partTraces, piecesOf } from "./paths.js";
import { clear, onCamera, refill, turn } from "../charts/plot.js";
import { heightsBelow, isNetwork, shownWindow } from "./window.js";

/** What lines, and dots, are lifted by, as a share of the relief's height, so that the surface does not swallow them. */
const LIFT = 0.012;
const MARKS_LIFT = 0.03;
/** A window of equal sides suits the square base. */
const BASE = { width: 400, height: 400 };
const BARE = { l: 0, r: 0, t: 0, b: 0 };
const STEP = Math.PI / 36;
const CLOSER = 1.15;

/** @typedef {{ x: ArrayLike<number>, y: ArrayLike<number>, shade: Float32Array }} Grid */

/** Whether this browser can draw in space; asked once, since every answer costs a context. */
const possible = (() => {
  /** @type {boolean | null} */
  let known = null;
  return () => {
    if (known !== null) return known;
    const context = document.createElement("canvas").getContext("webgl");
    known = context !== null;
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return known;
  };
})();

/** @type {import("../types").Picture} */
export function mount(element, store, { framing }) {
  const plot = h("div", { class: "plot" });
  const notice = h("p", { class: "notice", text: t("relief.no_webgl"), hidden: possible() });
  const stage = h("div", { class: "stage relief", tabindex: 0, role: "application", "aria-label": t("relief.label") }, [
    plot,
    notice,
  ]);
  element.append(stage);
  let size = { width: 0, height: 0 };
  let waiting = false;
  let gone = false;
  let drawn = false;

  /** However often it is asked for, it is drawn once a display frame: a surface takes longer than that to draw. */
  function draw() {
    if (waiting || !possible()) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (!gone) paint();
    });
  }

  function paint() {
    const state = store.get();
    const grid = isNetwork(state) ? state.landscape : heightsBelow(state);
    const { width, height } = size;
    if (width < 80 || height < 80 || !grid?.x.length) return;
    const { relief } = figures.themes[state.theme];
    const layout = structuredClone(relief.layout);
    const shown = shownWindow(state);
    Object.assign(layout, size);
    layout.scene.xaxis.range = shown?.x;
    layout.scene.yaxis.range = shown?.y;
    const [x, y] = isNetwork(state) ? ["", ""] : axisNames(state.comparison);
    [layout.scene.xaxis.title.text, layout.scene.yaxis.title.text] = [x, y];
    const { zaxis } = layout.scene;
    zaxis.ticktext = zaxis.tickvals.map((/** @type {number} */ shade) => short(lossAt(grid, shade)));
    zaxis.title.text = t("relief.axis");
    if (state.camera) layout.scene.camera = state.camera;
    const surface = { ...template(relief, "surface"), x: grid.x, y: grid.y, z: rows(open(grid.shade), grid.x.length) };
    void refill(plot, [surface, ...lines(state, grid)], layout, true).then(() => {
      if (gone) return;
      drawn = true;
      onCamera(plot, keep);
    });
  }

  /** @param {object} camera */
  const keep = (camera) => store.update({ camera });

  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !possible()) return;
    /** @type {Record<string, [number, number, number]>} */
    const turns = {
      ArrowLeft: [-STEP, 0, 1],
      ArrowRight: [STEP, 0, 1],
      ArrowUp: [0, STEP, 1],
      ArrowDown: [0, -STEP, 1],
      "+": [0, 0, 1 / CLOSER],
      "=": [0, 0, 1 / CLOSER],
      "-": [0, 0, CLOSER],
    };
    const asked = turns[event.key];
    if (asked && drawn) keep(turn(plot, ...asked));
    else if (event.key === "0") store.update({ camera: null });
    else return;
    event.preventDefault();
  });

  const watcher = new ResizeObserver(() => {
    const { width, height } = stage.getBoundingClientRect();
    size = { width, height };
    framing.fitInto(BASE, () => BARE);
    draw();
  });
  watcher.observe(stage);
  const stop = store.subscribe(
    ["result", "heights", "landscape", "playhead", "hidden", "ghosts", "theme", "camera", "connection", "failure"],
    draw,
  );
  const stopComparison = store.subscribe(["comparison"], ({ moving }) => void (!moving && draw()));
  return () => {
    gone = true;
    watcher.disconnect();
    stop();
    stopComparison();
    if (possible()) clear(plot);
    element.replaceChildren();
  };
}

/**
 * The traces of the map, lifted onto the surface; what it has beside them stays there.
 * @param {import("../types").State} state
 * @param {Grid} grid
 */
function lines(state, grid) {
  const { relief } = figures.themes[state.theme];
  const places = state.comparison.runs.map((_, place) => place);
  const pieces = piecesOf(state);
  const heightOf = onSurface(grid);
  const shadeOf = shading(state);
  const losses = lossesOf(state);
  const split = state.playhead !== null;
  const data = partData(state, pieces, split, places);
  /** @type {Record<string, number>} */
  const seen = {};
  const look = looks(state.comparison, state.theme).map((one) => ({ ...one, selected: false }));
  return partTraces(state, look, places, { split, part: 0, arrows: 0 }).flatMap((flat, place) => {
    const { role } = flat.meta;
    const run = seen[role] ?? 0;
    seen[role] = run + 1;
    if (!relief.data.some((one) => one.meta.role === role)) return [];
    const trace = template(relief, role);
    if (flat.line) Object.assign(trace.line, { color: flat.line.color, dash: flat.line.dash });
    if (flat.marker) trace.marker.color = flat.marker.color ?? trace.marker.color;
    const { x, y } = data[place] ?? { x: [], y: [] };
    const known = role === "path" || role === "ghost" ? losses[run] : undefined;
    const first = role === "ghost" ? (pieces[run]?.cut ?? 0) : 0;
    // Between its points the mesh is straight, and a narrow valley lies below it: no line may sink into it.
    const z = x.map((at, index) => {
      const mesh = heightOf(at, y[index]);
      const loss = known?.[first + index];
      return mesh === null
        ? null
        : Math.max(mesh, loss === undefined ? 0 : shadeOf(loss)) + (flat.line ? LIFT : MARKS_LIFT);
    });
    return [{ ...trace, x, y, z }];
  });
}

/**
 * The loss at every point that is drawn, where it is known there.
 * @param {import("../types").State} state
 */
function lossesOf(state) {
  const { result, comparison } = state;
  return comparison.runs.map((_, place) => {
    const run = result?.runs[place]?.arrays;
    return isNetwork(state) || run?.path_median ? undefined : run?.loss;
  });
}

/**
 * A loss as the map shades it.
 * @param {import("../types").State} state
 * @returns {(loss: number) => number}
 */
function shading(state) {
  const { lowest, rise, scale } = heightsBelow(state)?.shading ?? { lowest: 0, rise: 0, scale: 1 };
  if (!rise) return () => 0;
  const whole = Math.log1p(1 / scale);
  return (loss) => Math.min(1, Math.max(0, Math.log1p(Math.max(0, loss - lowest) / rise / scale) / whole));
}

/**
 * The height of the mesh at a point; null outside of it.
 * @param {Grid} grid with equal distances
 * @returns {(x: number | null | undefined, y: number | null | undefined) => number | null}
 */
function onSurface({ x: xs, y: ys, shade }) {
  const [width, height] = [xs.length, ys.length];
  const place = (/** @type {ArrayLike<number>} */ line, /** @type {number} */ at) => {
    const [from, to] = [line[0] ?? 0, line[line.length - 1] ?? 1];
    return ((at - from) / (to - from)) * (line.length - 1);
  };
  return (x, y) => {
    if (typeof x !== "number" || typeof y !== "number") return null;
    const [across, up] = [place(xs, x), place(ys, y)];
    if (!(across >= 0 && up >= 0 && across <= width - 1 && up <= height - 1)) return null;
    const [column, row] = [Math.min(width - 2, Math.floor(across)), Math.min(height - 2, Math.floor(up))];
    const [right, above] = [across - column, up - row];
    const at = row * width + column;
    const [sw = NaN, se = NaN, nw = NaN, ne = NaN] = [at, at + 1, at + width, at + width + 1].map((one) => shade[one]);
    if (!(Math.min(sw, se, nw, ne) >= 0)) return null; // a corner has no height
    const [low, high] = [sw + right * (se - sw), nw + right * (ne - nw)];
    return low + above * (high - low);
  };
}

/**
 * Heights with gaps where there are none.
 * @param {Float32Array} shade
 */
const open = (shade) => shade.map((value) => (value < 0 ? Number.NaN : value));

/**
 * The loss that has a shade: that of the point of the grid which comes nearest.
 * @param {{ loss: Float32Array, shade: Float32Array }} grid
 * @param {number} shade
 */
function lossAt({ loss, shade: shades }, shade) {
  let [nearest, least] = [0, Infinity];
  for (let at = 0; at < shades.length; at++) {
    const off = Math.abs((shades[at] ?? 0) - shade);
    if (off < least) [nearest, least] = [at, off];
  }
  return loss[nearest] ?? 0;
}
