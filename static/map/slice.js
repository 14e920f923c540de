// A slice: a line through the map, held at both ends, and the loss along it, which the server computes.
import { axisNames, figures, looks, problemEntry, template } from "../base/catalog.js";
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { mount as mountMap } from "./map.js";
import { chartOf } from "./profile.js";
import { clear, move, redraw } from "../charts/plot.js";
import { isNetwork, marginsOf, shareOf, shownWindow } from "./window.js";

const KINDS = ["minimum", "x", "y"];
const BEYOND = 0.3; // of the way from the start to the minimum, on both sides

/** @typedef {[number, number]} Point */

/** @type {import("../types").Picture} */
export function mount(element, store, { framing }) {
  const map = h("div", { class: "slice-map" });
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(line);
  const handles = [0, 1].map((end) =>
    h("button", { type: "button", class: "handle", "aria-label": t(`slice.end${end}`) }),
  );
  const inner = h("div", { class: "slice-line" }, [drawing, ...handles]);
  const chips = KINDS.map((kind) =>
    h("button", {
      type: "button",
      class: "chip",
      onclick: () => store.update({ slice: { kind } }),
    }),
  );
  const plot = h("div", { class: "plot" });
  const stage = h("div", { class: "stage", role: "img", "aria-label": t("slice.label") }, [plot]);
  const words = h("p", { class: "chart-note", text: t("slice.words") });
  const side = h("div", { class: "slice-side" }, [
    h("div", { class: "chips", role: "group", "aria-label": t("slice.kind") }, chips),
    stage,
    words,
  ]);
  element.append(h("div", { class: "slice" }, [map, side]));
  const leaveMap = mountMap(map, store, { framing });
  map.append(inner);
  let size = { width: 0, height: 0 };
  let shape = "";
  let known = "";
  let asking = false;
  let gone = false;
  /** @type {import("./profile").Profile | null} */
  let profile = null;

  /** The newest line is asked for as soon as the answer to an older one is there. */
  async function ask() {
    const { comparison } = store.get();
    const ends = endsOf(store.get());
    if (!ends || isNetwork(store.get())) return;
    const { runs } = comparison;
    const { batch_size, ...problem } = comparison.problem; // the loss is the same whatever a step looks at
    const body = JSON.stringify({
      comparison: { problem, runs: runs.slice(0, 1).map(({ optimizer }) => ({ optimizer })) },
      ends,
    });
    if (asking || body === known) return;
    asking = true;
    known = body;
    try {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(new URL("/api/profile", import.meta.url), { method: "POST", body, headers });
      const found = answer.ok ? await answer.json() : null;
      if (found && !gone) {
        profile = found;
        draw();
      }
    } catch {
      known = ""; // The banner says that the connection is lost; the next change asks again.
    }
    asking = false;
    if (!gone && known) void ask();
  }

  function drawLine() {
    const state = store.get();
    const [ends, view] = [endsOf(state), shownWindow(state)];
    renew(inner, { hidden: !ends || !view });
    if (!ends || !view) return;
    const { l, r, t: top, b } = marginsOf(state);
    renew(inner, { style: `inset: ${top}px ${r}px ${b}px ${l}px` });
    ends.forEach(([x, y], end) => {
      const [left, down] = [
        (100 * (x - view.x[0])) / (view.x[1] - view.x[0]),
        100 - (100 * (y - view.y[0])) / (view.y[1] - view.y[0]),
      ];
      for (const [name, at] of /** @type {const} */ ([
        ["x", left],
        ["y", down],
      ])) {
        const value = `${at.toFixed(2)}%`;
        if (line.getAttribute(`${name}${end + 1}`) !== value) line.setAttribute(`${name}${end + 1}`, value);
      }
      // A handle that lies outside waits at the edge.
      const [inX, inY] = [left, down].map((at) => Math.min(100, Math.max(0, at)).toFixed(2));
      const handle = handles[end];
      if (handle) renew(handle, { style: `left: ${inX}%; top: ${inY}%` });
    });
  }

  function draw() {
    drawLine();
    const state = store.get();
    const kind = state.slice.kind;
    const [x, y] = axisNames(state.comparison);
    chips.forEach((chip, place) => {
      const name = KINDS[place];
      renew(chip, { "aria-pressed": String(name === kind), text: t(`slice.${name}`, { x, y }) });
    });
    if (!profile || size.width < 80 || size.height < 60) return;
    const axis = kind === "x" ? "x" : kind === "y" ? "y" : "way";
    const chart = chartOf(state, profile, axis);
    const look = looks(state.comparison, state.theme);
    const key = JSON.stringify([state.theme, look, size, axis, x, chart.ranges]);
    if (key === shape) return move(plot, chart.data);
    const skeleton = figures.themes[state.theme].profile;
    const layout = structuredClone(skeleton.layout);
    Object.assign(layout, size);
    [layout.xaxis.range, layout.yaxis.range] = chart.ranges;
    layout.xaxis.title.text = { x, y, way: t("slice.axis_way") }[axis];
    const traces = chart.roles.map(({ role, run }, place) => {
      const trace = template(skeleton, role);
      if (run !== null) trace.marker.color = look[run]?.color;
      if (role === "playhead") trace.marker.color = look.map(({ color }) => color);
      return { ...trace, ...chart.data[place] };
    });
    void redraw(plot, traces, layout);
    shape = key;
  }

  handles.forEach((handle, end) => {
    /**
     * @param {number} x
     * @param {number} y
     */
    const place = (x, y) => {
      const ends = endsOf(store.get());
      if (!ends) return;
      const moved = /** @type {[Point, Point]} */ (ends.map((point, at) => (at === end ? [x, y] : point)));
      if (moved[0][0] !== moved[1][0] || moved[0][1] !== moved[1][1])
        store.update({ slice: { kind: "own", ends: moved } });
    };
    handle.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      const view = shownWindow(store.get());
      if (!handle.hasPointerCapture(event.pointerId) || !view) return;
      const at = shareOf(map, marginsOf(store.get()), event);
      const [x, y] = [Math.min(1, Math.max(0, at.x)), Math.min(1, Math.max(0, at.y))];
      place(view.x[0] + x * (view.x[1] - view.x[0]), view.y[0] + y * (view.y[1] - view.y[0]));
    });
    handle.addEventListener("keydown", (event) => {
      const turn = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      const [view, from] = [shownWindow(store.get()), endsOf(store.get())?.[end]];
      if (!turn || !view || !from) return;
      event.preventDefault();
      const by = event.shiftKey ? 20 : 100;
      place(
        from[0] + ((turn[0] ?? 0) * (view.x[1] - view.x[0])) / by,
        from[1] + ((turn[1] ?? 0) * (view.y[1] - view.y[0])) / by,
      );
    });
  });

  const watcher = new ResizeObserver(() => {
    const { width, height } = stage.getBoundingClientRect();
    size = { width, height };
    draw();
  });
  watcher.observe(stage);
  const changed = () => {
    drawLine();
    void ask();
  };
  const stops = [
    store.subscribe(["comparison", "view", "heights", "slice"], changed),
    store.subscribe(["result", "playhead", "hidden", "theme"], draw),
  ];
  changed();
  return () => {
    gone = true;
    watcher.disconnect();
    for (const stop of stops) stop();
    leaveMap();
    clear(plot);
    element.replaceChildren();
  };
}

/**
 * Where the line begins and ends.
 * @param {import("../types").State} state
 * @returns {[Point, Point] | null}
 */
function endsOf(state) {
  const { slice, comparison, heights, view } = state;
  if (slice.ends) return slice.ends;
  const [x, y] = comparison.start ?? problemEntry(comparison)?.start ?? [];
  if (x === undefined || y === undefined || !view) return null;
  const lowest = [...(heights?.minima ?? [])].sort((one, other) => one[2] - other[2])[0];
  if (slice.kind === "y")
    return [
      [x, view.y[0]],
      [x, view.y[1]],
    ];
  if (slice.kind === "x" || !lowest)
    return [
      [view.x[0], y],
      [view.x[1], y],
    ];
  const [across, up] = [lowest[0] - x, lowest[1] - y];
  if (Math.hypot(across, up) < 1e-6)
    return [
      [view.x[0], y],
      [view.x[1], y],
    ];
  return [
    [x - BEYOND * across, y - BEYOND * up],
    [x + (1 + BEYOND) * across, y + (1 + BEYOND) * up],
  ];
}
