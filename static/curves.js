// The chart below the map: one quantity over the steps, the same colours, names at the ends, the playhead.
import { figures, looks, template } from "./catalog.js";
import { h, renew } from "./dom.js";
import { t } from "./language.js";
import { short } from "./numbers.js";
import { move, redraw } from "./plot.js";
import { createTable } from "./table.js";
import { logTicks } from "./ticks.js";

const MOST_DECADES = 10;
const SPARE = 0.06; // of the axis, beyond the data at both ends
const LINE = 15;
const DEEPEST = 4;
const LONGEST_NAME = 12;

const LINEAR = ["accuracy", "lr"];
const SURFACE_CHARTS = ["loss", "grad_norm", "step_norm", "lr", "table"];
const NETWORK_CHARTS = ["loss", "accuracy", "grad_norm", "step_norm", "lr", "table"];

/** @type {import("./types").Mount} */
export function mount(element, store) {
  const tabs = h("div", { class: "tabs", role: "tablist" });
  const plot = h("div", { class: "plot" });
  const table = h("div", { class: "table", hidden: true });
  const figuresOf = createTable(table, store);
  const note = h("p", { class: "chart-note" });
  const stage = h("div", { class: "stage", role: "tabpanel" }, [plot, table, note]);
  element.append(tabs, stage);
  let shape = "";
  let tabShape = "";
  let size = { width: 0, height: 0 };
  /** @type {{range: [number, number], log: boolean, offset: number} | null} */
  let scale = null;
  let scaleFor = "";

  const network = () => store.get().comparison.problem.kind === "network";
  const chart = () => {
    const { chart } = store.get();
    return (network() ? NETWORK_CHARTS : SURFACE_CHARTS).includes(chart) ? chart : "loss";
  };

  function drawTabs() {
    const names = network() ? NETWORK_CHARTS : SURFACE_CHARTS;
    if (tabShape !== names.join()) {
      tabShape = names.join();
      tabs.replaceChildren(
        ...names.map((name) =>
          h("button", {
            type: "button",
            role: "tab",
            "data-chart": name,
            text: t(`chart.${name}`),
            onclick: () => store.update({ chart: name }),
          }),
        ),
      );
    }
    for (const tab of tabs.querySelectorAll("button")) {
      const chosen = tab.dataset.chart === chart();
      renew(tab, { "aria-selected": String(chosen), tabindex: chosen ? "0" : "-1" });
    }
  }

  tabs.addEventListener("keydown", (event) => {
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!turn) return;
    const names = network() ? NETWORK_CHARTS : SURFACE_CHARTS;
    const next = names[(names.indexOf(chart()) + turn + names.length) % names.length];
    if (next) store.update({ chart: next });
    /** @type {HTMLElement | null} */ (tabs.querySelector('[aria-selected="true"]'))?.focus();
  });

  /** Thick and thin lines of every run, before any offset. */
  function series() {
    const { result, hidden } = store.get();
    const name = chart();
    return (result?.runs ?? []).map(({ arrays }, place) => {
      if (hidden.includes(place)) return { thick: line(), thin: line() };
      if (network() && name === "loss")
        return { thick: line(arrays.test_loss, arrays.at), thin: line(arrays.train_loss, arrays.at) };
      if (network() && name === "accuracy") return { thick: line(arrays.test_accuracy, arrays.at), thin: line() };
      return { thick: line(arrays[name]), thin: line() };
    });
  }

  /** @param {{thick: Line, thin: Line}[]} lines */
  function measure(lines) {
    const { heights, comparison, moving } = store.get();
    const key = JSON.stringify([chart(), comparison.problem.kind, comparison.problem.name]);
    if (scale && moving && key === scaleFor) return scale;
    let [low, high, smallest] = [Infinity, -Infinity, Infinity];
    const { result } = store.get();
    const sound = lines.filter((_, place) => result?.runs[place]?.status === "ok");
    for (const { thick, thin } of sound.length ? sound : lines) {
      for (const values of [thick.y, thin.y]) {
        for (const value of values) {
          if (value < low) low = value;
          if (value > high) high = value;
        }
      }
    }
    // On a surface without a floor the way down has no end: what is worth seeing lies near the start.
    const first = Math.max(...lines.map(({ thick }) => Math.abs(thick.y[0] ?? 0)), Number.MIN_VALUE);
    if (low < -DEEPEST * first) low = -DEEPEST * first;
    if (low > high) return scale ?? { range: /** @type {[number, number]} */ ([-1, 1]), log: true, offset: 0 };
    const minimum = Math.min(...(heights?.minima ?? []).map(([, , value]) => value));
    const above =
      !network() && chart() === "loss" && Number.isFinite(minimum) && low >= minimum - 1e-4 * Math.abs(minimum);
    const offset = above ? minimum : 0;
    for (const { thick, thin } of lines) {
      for (const values of [thick.y, thin.y]) {
        for (const value of values) if (value - offset > 0 && value - offset < smallest) smallest = value - offset;
      }
    }
    const log = !LINEAR.includes(chart()) && (above || low >= 0) && smallest < Infinity;
    let range = /** @type {[number, number]} */ ([low, high]);
    if (log) {
      const top = Math.log10(high - offset);
      const bottom = Math.max(Math.log10(smallest), top - MOST_DECADES);
      const spare = Math.max(SPARE * (top - bottom), 0.08);
      range = [bottom - spare, top + spare];
    } else {
      const spare = SPARE * (high - low || 1);
      range = [low - spare, high + spare];
    }
    // A range that still fits stays, so that nothing jumps for a hair's breadth.
    const kept = scale && key === scaleFor && scale.log === log && scale.offset === offset && near(scale.range, range);
    if (!kept) scale = { range, log, offset };
    scaleFor = key;
    return scale ?? { range, log, offset };
  }

  const remark = (/** @type {string} */ text) => renew(note, { text });

  function draw() {
    drawTabs();
    const state = store.get();
    const asTable = chart() === "table";
    renew(table, { hidden: !asTable });
    renew(plot, { hidden: asTable || !store.get().result });
    if (asTable) {
      remark("");
      return figuresOf.draw();
    }
    const { width, height } = size;
    if (width < 80 || height < 60 || !state.result) return remark("");
    const look = looks(state.comparison, state.theme);
    const lines = series();
    if (lines.length !== look.length) return;
    const { range, log, offset } = measure(lines);
    if (offset) remark(t("chart.above_minimum", { value: short(offset) }));
    else remark(network() && chart() === "loss" ? t("chart.thick_thin") : "");
    const total = state.result.total;
    const at = state.playhead ?? total;
    const shifted = (/** @type {Line} */ { x, y }) => ({
      x,
      y: log ? y.map((value) => Math.max(value - offset, 1e-37)) : y,
    });
    const pairs = lines.some((run) => run.thin.y.length);
    const thin = pairs ? lines.map((run) => shifted(run.thin)) : [];
    const thick = lines.map((run) => shifted(run.thick));
    const ends = log ? range.map((exponent) => 10 ** exponent) : range;
    const mark = { x: [at, at], y: state.playhead === null ? [] : ends };
    const skeleton = figures.themes[state.theme].curve;
    const { t: top, b: bottom } = skeleton.layout.margin;
    const names = look.map(({ name }, place) => (state.hidden.includes(place) ? "" : name));
    const label = apart(thick, names, { range, log, total, height: height - top - bottom });
    const data = [...thin, ...thick, mark, label];
    const key = JSON.stringify([state.theme, look, width, height, range, log, offset, total, chart(), pairs]);
    if (key === shape) {
      move(plot, data);
      return;
    }
    const styled = [
      ...(pairs ? ["curve-thin", "curve"] : ["curve"]).flatMap((role) =>
        look.map(({ color, dash }) => {
          const trace = template(skeleton, role);
          Object.assign(trace.line, { color, dash: role === "curve" ? dash : "solid" });
          return trace;
        }),
      ),
      template(skeleton, "mark"),
      template(skeleton, "label"),
    ];
    const last = styled[styled.length - 1];
    if (last) last.textfont.color = look.map(({ color }) => color);
    const layout = structuredClone(skeleton.layout);
    Object.assign(layout, { width, height });
    layout.xaxis.range = [0, total];
    layout.yaxis.range = range;
    layout.yaxis.type = log ? "log" : "linear";
    if (log) Object.assign(layout.yaxis, { tickmode: "array" }, logTicks(range));
    redraw(
      plot,
      styled.map((trace, place) => ({ ...trace, ...data[place] })),
      layout,
    );
    shape = key;
  }

  const watcher = new ResizeObserver(() => {
    size = { width: stage.clientWidth, height: stage.clientHeight };
    draw();
  });
  watcher.observe(stage);
  const stops = [
    store.subscribe(["result", "playhead", "hidden", "theme", "chart"], draw),
    // While a hand moves the axis stays where it is; at rest it fits again.
    store.subscribe(["moving"], ({ moving }) => void (!moving && draw())),
  ];
  draw();
  return () => {
    watcher.disconnect();
    for (const stop of stops) stop();
    element.replaceChildren();
  };
}

/** @typedef {{x: number[], y: number[]}} Line plain arrays, which Plotly's `animate` passes on as they are */

/**
 * @param {Float32Array} [y]
 * @param {Float32Array} [x]
 * @returns {Line}
 */
function line(y = new Float32Array(), x) {
  const values = Array.from(y);
  return { x: x ? Array.from(x) : values.map((_, place) => place), y: values };
}

/**
 * Whether an axis that is there may stay: it cuts nothing off, and leaves little empty.
 * @param {[number, number]} kept
 * @param {[number, number]} wanted
 */
function near(kept, wanted) {
  const size = wanted[1] - wanted[0];
  const beyond = [(wanted[0] - kept[0]) / size, (kept[1] - wanted[1]) / size];
  return beyond.every((share) => share > -SPARE / 2 && share < 0.1);
}

/**
 * Names beside the curves' last values, pushed apart so that they can be read, inside the chart's height.
 * @param {Line[]} lines
 * @param {string[]} names nothing: no name there
 * @param {{range: [number, number], log: boolean, total: number, height: number}} scale
 */
function apart(lines, names, { range, log, total, height }) {
  const [low, high] = range;
  const gap = ((high - low) * LINE) / height;
  // Half a line from the axis, whose last number stands right below, and from the top.
  const floor = low + gap / 2;
  const places = lines.map(({ y }, run) => {
    const last = y[y.length - 1];
    const value = last === undefined ? low : log ? Math.log10(Math.max(last, 1e-37)) : last;
    return { run, at: Math.min(high, Math.max(floor, value)) };
  });
  const taken = places.filter(({ run }) => names[run]);
  taken.sort((first, second) => first.at - second.at || second.run - first.run);
  taken.forEach((place, index) => {
    const below = taken[index - 1];
    if (below) place.at = Math.max(place.at, below.at + gap);
  });
  let ceiling = high - gap / 2;
  for (const place of [...taken].reverse()) {
    place.at = Math.min(place.at, ceiling);
    ceiling = place.at - gap;
  }
  /** @type {number[]} */
  const y = [];
  for (const { run, at } of places) y[run] = log ? 10 ** at : at;
  const text = names.map((name) => {
    const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
    // A gap that does not break, between the curve and its name; Plotly would take what looks like markup for it.
    return `\u00a0${shown.replace(/&/g, "&amp;").replace(/</g, "&lt;")}`;
  });
  return { x: names.map(() => total), y, text };
}
