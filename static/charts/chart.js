// One chart: a quantity over the steps, the same colours as on the map, names at the ends, the playhead.
import { outline } from "./bands.js";
import { figures, looks, template } from "../base/catalog.js";
import { createOptions } from "./chart_options.js";
import { h, renew } from "../base/dom.js";
import { createDrops } from "./drops.js";
import { t } from "../base/language.js";
import { apart } from "./names.js";
import { LEAST, lastUntil, short } from "../base/numbers.js";
import { move, redraw } from "./plot.js";
import { createReadout } from "./readout.js";
import { createScale, leaves } from "./scale.js";
import { createScatter } from "./scatter.js";
import { selectedRun, toggleSelected } from "../base/selection.js";
import { DROPPABLE, forkedSeries, legend, predictedSeries, series } from "./series.js";
import { createTable } from "./table.js";
import { logTicks } from "./ticks.js";

const NEAR_A_NAME = 12; // pixels
/**
 * What curves hang on.
 * @type {(keyof import("../types").State)[]}
 */
const CURVES_FROM = [
  "result",
  "comparison",
  "heights",
  "hidden",
  "ghosts",
  "theory",
  "theme",
  "selected",
  "scales",
  "above",
  "coordinate",
  "slot",
  "moving",
];

/**
 * @typedef {object} Curves
 * @property {{ x: (number | null)[], y: (number | null)[] }[]} below the data of all traces that lie below the playhead's
 * @property {import("./series").Line[]} dotted those with a dot at the playhead
 * @property {string[]} roles of the traces, of which there is one a run, from the lowest to the highest
 * @property {string} key what axes and looks are made for
 */

/**
 * @param {import("../types").Store} store
 * @param {() => string} chart which one it shows
 */
export function createChart(store, chart) {
  const plot = h("div", { class: "plot" });
  const inner = h("div", { class: "drops" });
  const table = h("div", { class: "table", hidden: true });
  const figuresOf = createTable(table, store);
  const rows = h("div", { class: "scatter", role: "img", "aria-label": t("scatter.label"), hidden: true });
  const scatter = createScatter(rows, store, draw);
  const note = h("p", { class: "chart-note" });
  const stage = h("div", { class: "stage", role: "tabpanel" }, [plot, inner, table, rows, note]);
  const readout = createReadout(stage, store, () => shown);
  stage.append(readout.element);
  const options = createOptions(store, readout.preview);
  const drops = createDrops(inner, store);
  const measure = createScale();
  let shape = "";
  let size = { width: 0, height: 0 };
  /** @type {Curves | null} */
  let curves = null;
  /** @type {unknown[]} */
  let curvesFrom = [];
  /** @type {{ x: number[], y: number[], text: string[] }} */
  let names = { x: [], y: [], text: [] };
  /** @type {import("./scale").Scale | null} */
  let scale = null;
  /** @type {import("./readout").Shown | null} */
  let shown = null;

  const margin = () => figures.themes[store.get().theme].curve.layout.margin;
  const remark = (/** @type {string} */ text) => renew(note, { text });

  function draw() {
    const state = store.get();
    const name = chart();
    const from = [name, size, ...CURVES_FROM.map((key) => state[key])];
    // A playhead moves marks; what lies below them is not looked at again.
    if (!curves || from.some((one, place) => one !== curvesFrom[place])) curves = compute(state, name);
    curvesFrom = from;
    readout.draw();
    options.draw(name, curves && scale);
    if (!curves || !scale) return;
    const { below, dotted, roles, key } = curves;
    const data = [...below, playheadLine(state, scale), dots(dotted, state.playhead), names];
    if (key === shape) {
      move(plot, data);
      return;
    }
    const styled = traces(state, roles, selectedRun(state));
    redraw(
      plot,
      styled.map((trace, place) => ({ ...trace, ...data[place] })),
      layout(state, scale),
    );
    shape = key;
  }

  /**
   * All that a chart shows but the playhead.
   * @param {import("../types").State} state
   * @param {string} name the chart
   * @returns {Curves | null} null where no curves are drawn
   */
  function compute(state, name) {
    const [asTable, asRows] = [name === "table", name === "rows"];
    renew(table, { hidden: !asTable });
    renew(rows, { hidden: !asRows });
    renew(plot, { hidden: asTable || asRows || !state.result });
    const { width, height } = size;
    const drawable = !asTable && !asRows && width >= 80 && height >= 60 && state.result !== null;
    const lines = drawable ? series(state, name) : [];
    const look = looks(state.comparison, state.theme);
    if (!drawable || lines.length !== look.length) {
      drops.draw(1, false);
      renew(inner, { hidden: true });
      renew(stage, { class: asRows ? "stage rows" : "stage" });
      shown = null;
      remark(asRows ? scatter.draw(size) : "");
      if (asTable) figuresOf.draw();
      return null;
    }
    scale = measure(state, name, lines);
    const { range, log, offset } = scale;
    const total = state.result?.total ?? 0;
    const droppable = DROPPABLE.includes(name);
    renew(inner, { hidden: !droppable });
    renew(stage, { class: "stage pointed" });
    shown = { lines, offset, total, margin: margin() };
    drops.draw(total, droppable);
    const seen = (/** @type {number} */ value) => (log ? floor(value - offset) : value - offset);
    const shifted = (/** @type {import("./series").Line} */ { x, y }) =>
      offset || log ? { x, y: y.map(seen) } : { x, y };
    const ceiling = 2 * range[1] - range[0];
    const banded = lines.some((run) => run.band);
    const bands = banded ? lines.map(({ band = null }) => outline(band, seen, log ? 10 ** ceiling : ceiling)) : [];
    const forked = forkedSeries(state, name).map(shifted);
    const left = forked.some(({ y }) => y.length) ? forked : [];
    const pairs = lines.some((run) => run.thin.y.length);
    const thin = pairs ? lines.map((run) => shifted(run.thin)) : [];
    const thick = lines.map((run) => shifted(run.thick));
    const { t: top, b: bottom } = margin();
    const named = look.map((run, place) => (thick[place]?.y.length ? run.name : ""));
    names = apart(thick, named, { range, log, total, height: height - top - bottom });
    const predicted = log ? predictedSeries(state, name, { range, offset }) : [];
    const about = offset ? t("chart.above_minimum", { value: short(offset) }) : legend(state, name);
    remark([about, predicted.length ? t("chart.predicted") : ""].filter(Boolean).join(" · "));
    const selected = selectedRun(state);
    const roles = [
      ...(banded ? ["band"] : []),
      ...(left.length ? ["curve-forked"] : []),
      ...(pairs ? ["curve-thin"] : []),
      "curve",
      ...(predicted.length ? ["predicted"] : []),
    ];
    const key = JSON.stringify([state.theme, look, selected, width, height, range, log, offset, total, name, roles]);
    const ends = thick.map((run) => leaves(run, { range, log }));
    const leaving = { x: ends.map(([x]) => x), y: ends.map(([, y]) => y) };
    return {
      below: [...bands, ...left, ...thin, ...thick, ...predicted, leaving],
      dotted: [...thin, ...thick],
      roles,
      key,
    };
  }

  /**
   * @param {import("../types").State} state
   * @param {string[]} roles of which there is a trace a run, from the lowest to the highest
   * @param {number | null} selected
   */
  function traces(state, roles, selected) {
    const skeleton = figures.themes[state.theme].curve;
    const { palette } = figures.themes[state.theme];
    const look = looks(state.comparison, state.theme);
    const lines = roles.flatMap((role) =>
      look.map(({ color, dash }, place) => {
        const trace = template(skeleton, role);
        Object.assign(trace.line, { color }, role === "predicted" ? {} : { dash: role === "curve" ? dash : "solid" });
        if (role === "band") trace.fillcolor = color;
        if (place === selected && role === "curve" && look.length > 1) trace.line.width = palette.selected_width;
        return trace;
      }),
    );
    const colors = look.map(({ color }) => color);
    const leaving = template(skeleton, "leaving");
    leaving.marker.color = colors;
    const dot = template(skeleton, "dot");
    dot.marker.color = roles.includes("curve-thin") ? [...colors, ...colors] : colors;
    const label = template(skeleton, "label");
    label.textfont.color = colors;
    return [...lines, leaving, template(skeleton, "mark"), dot, label];
  }

  /**
   * @param {import("../types").State} state
   * @param {import("./scale").Scale} scale
   */
  function layout(state, { range, log }) {
    const made = structuredClone(figures.themes[state.theme].curve.layout);
    Object.assign(made, size);
    made.xaxis.range = [0, state.result?.total ?? 1];
    made.yaxis.range = range;
    made.yaxis.type = log ? "log" : "linear";
    if (log) Object.assign(made.yaxis, { tickmode: "array" }, logTicks(range));
    return made;
  }

  stage.addEventListener("click", (event) => {
    if (!scale || plot.hidden || !(event.target instanceof Node) || table.contains(event.target)) return;
    const { l, r, t: top, b } = margin();
    const box = stage.getBoundingClientRect();
    const across = (event.clientX - box.left - l) / (box.width - l - r);
    if (across <= 1) return;
    const inside = box.height - top - b;
    const run = nearestName((event.clientY - box.top - top) / inside, NEAR_A_NAME / inside);
    if (run !== null) toggleSelected(store, run);
  });

  /**
   * @param {number} down share of the height
   * @param {number} within
   */
  function nearestName(down, within) {
    if (!scale) return null;
    const { range, log } = scale;
    const places = names.y.map((value) => 1 - ((log ? Math.log10(value) : value) - range[0]) / (range[1] - range[0]));
    const far = places.map((place, run) => (names.text[run]?.trim() ? Math.abs(place - down) : Infinity));
    const least = Math.min(...far);
    return least <= within ? far.indexOf(least) : null;
  }

  const watcher = new ResizeObserver(() => {
    size = { width: stage.clientWidth, height: stage.clientHeight };
    draw();
  });
  watcher.observe(stage);
  return { stage, options: options.element, draw, stop: () => watcher.disconnect() };
}

const floor = (/** @type {number} */ value) => (value < LEAST ? LEAST : value);

/**
 * @param {import("../types").State} state
 * @param {import("./scale").Scale} scale
 */
function playheadLine({ playhead, result }, { range, log }) {
  const at = playhead ?? result?.total ?? 0;
  const ends = log ? range.map((exponent) => 10 ** exponent) : range;
  return { x: [at, at], y: playhead === null ? [] : ends };
}

/**
 * Where each curve is at the playhead; nowhere where it has ended before.
 * @param {import("./series").Line[]} lines
 * @param {number | null} playhead
 */
function dots(lines, playhead) {
  if (playhead === null) return { x: [], y: [] };
  const places = lines.map(({ x }) => {
    const last = x[x.length - 1];
    return last === undefined || playhead > last ? -1 : lastUntil(x, playhead);
  });
  return {
    x: places.map((place, line) => lines[line]?.x[place] ?? null),
    y: places.map((place, line) => lines[line]?.y[place] ?? null),
  };
}
