// The map: heights below, paths above, each in its own plot, so that moving paths never touches the heights.
import { figures, looks, problemEntry, problemOf, template } from "./catalog.js";
import { change, settle } from "./change.js";
import { h, renew } from "./dom.js";
import { t } from "./language.js";
import { lastUntil } from "./numbers.js";
import { move, redraw, refill } from "./plot.js";
import { addZoom } from "./zoom.js";

// One shape for every window, so that the server compiles it once.
const COLUMNS = 100;
const ROWS = 80;
const MOST_WIDENED = 2.4;
const MOST_LOCAL = 24;

/** @type {import("./types").Mount} */
export function mount(element, store) {
  const ground = h("div", { class: "plot" });
  const above = h("div", { class: "plot" });
  const words = h("p", { class: "map-words", role: "status" });
  const stage = h("div", { class: "stage", tabindex: 0, role: "application" }, [ground, above, words]);
  element.append(stage);
  let shape = "";
  let groundShape = "";
  /** @type {unknown} */
  let groundData = null;
  let groundCoarse = false;
  let dragging = false;
  let own = false; // whether the window is one that a person chose
  // Measured when it changes: asking while drawing would lay the page out twice.
  let size = { width: 0, height: 0 };

  const network = () => store.get().comparison.problem.kind === "network";

  function resize() {
    const { width, height } = stage.getBoundingClientRect();
    size = { width, height };
    if (width < 80 || height < 80) return;
    if (!network() && !own) {
      const view = windowOf(store.get().comparison, width, height, margins());
      if (view && JSON.stringify(view) !== JSON.stringify(store.get().view)) store.update({ view });
    }
    draw();
  }

  const zoom = addZoom(stage, {
    view: () => (network() ? null : store.get().view),
    margins: () => margins(),
    frame(x, y) {
      own = true;
      store.update({ view: { x, y, width: COLUMNS, height: ROWS } });
    },
    fit() {
      own = false;
      resize();
    },
  });

  const margins = () => figures.themes[store.get().theme].map.layout.margin;

  /** The window shown: the asked one on a surface, the surveyed one of a network. */
  function shown() {
    const { view, landscape } = store.get();
    if (!network()) return view;
    if (!landscape?.x.length) return null;
    const ends = (/** @type {Float32Array} */ line) =>
      /** @type {[number, number]} */ ([line[0] ?? 0, line[line.length - 1] ?? 1]);
    return { x: ends(landscape.x), y: ends(landscape.y), width: 0, height: 0 };
  }

  /** @param {boolean} labelled */
  function layout(labelled) {
    const { theme, landscape } = store.get();
    const made = structuredClone(figures.themes[theme].map.layout);
    const range = shown();
    Object.assign(made, size);
    made.xaxis.range = range?.x ?? [-1, 1];
    made.yaxis.range = range?.y ?? [-1, 1];
    if (network()) {
      made.margin = { ...made.margin, l: made.margin.l + 16, b: made.margin.b + 16 };
      const share = (/** @type {number} */ place) => landscape?.axes[place]?.variance;
      for (const [axis, place, key] of /** @type {const} */ ([
        ["xaxis", 0, "first"],
        ["yaxis", 1, "second"],
      ])) {
        const variance = share(place);
        made[axis].title.text =
          typeof variance === "number"
            ? t(`plane.${key}_variance`, { percent: Math.round(100 * variance) })
            : t(`plane.${key}`);
      }
    }
    if (!labelled || !range) for (const axis of ["xaxis", "yaxis"]) made[axis].visible = false;
    return made;
  }

  /** Points of every run, split at the playhead. */
  function pieces() {
    const { result, landscape, playhead, comparison, hidden } = store.get();
    return comparison.runs.map((_, place) => {
      if (hidden.includes(place)) return { x: [], y: [], cut: 0 };
      const run = result?.runs[place]?.arrays;
      const points = network() ? landscape?.runs[place]?.xy : run?.path;
      const at = network() ? landscape?.runs[place]?.at : undefined;
      const { x, y } = columns(points);
      let cut = playhead === null ? x.length - 1 : playhead;
      if (at && playhead !== null) cut = lastUntil(at, playhead);
      cut = Math.max(0, Math.min(cut, x.length - 1));
      return { x, y, cut };
    });
  }

  function drawGround() {
    const { heights, landscape, theme, moving } = store.get();
    const from = network() ? landscape : heights;
    const key = JSON.stringify([theme, size, shown(), network()]);
    const coarse = moving && !network();
    if (key === groundShape && from === groundData && (coarse || !groundCoarse)) return;
    const all = from ? { x: from.x, y: from.y, z: rows(from.shade, from.x.length) } : { x: [], y: [], z: [] };
    const { map } = figures.themes[theme];
    const data = [
      { ...template(map, "heat"), ...all },
      { ...template(map, "contour"), ...(coarse ? everySecond(all) : all) },
    ];
    groundCoarse = coarse && from !== null;
    if (key === groundShape) refill(ground, data, layout(false));
    else redraw(ground, data, layout(false));
    groundShape = key;
    groundData = from;
  }

  function draw() {
    const state = store.get();
    if (!size.width || (!network() && !state.view)) return;
    drawGround();
    const look = looks(state.comparison, state.theme);
    const runs = pieces();
    const marks = {
      ...stars(network() ? [] : (state.heights?.minima ?? [])),
      start: startPoint(runs),
      playhead: {
        x: runs.map((run) => run.x[run.cut] ?? null),
        y: runs.map((run) => run.y[run.cut] ?? null),
      },
    };
    const split = state.playhead !== null;
    const ghosts = !split ? [] : runs.map(({ x, y, cut }) => ({ x: x.slice(cut), y: y.slice(cut) }));
    const paths = runs.map(({ x, y, cut }) => ({ x: x.slice(0, cut + 1), y: y.slice(0, cut + 1) }));
    const data = [...ghosts, ...paths, marks.start, marks.playhead, marks.local, marks.minima];
    const key = JSON.stringify([look, groundShape, split]);
    if (key === shape) {
      move(above, data);
    } else {
      const { map, palette } = figures.themes[state.theme];
      const styled = [
        ...(split ? ["ghost", "path"] : ["path"]).flatMap((role) =>
          look.map(({ color, dash }) => {
            const trace = template(map, role);
            Object.assign(trace.line, { color, dash });
            return trace;
          }),
        ),
        template(map, "start"),
        template(map, "playhead"),
        template(map, "local"),
        template(map, "minima"),
      ];
      const playheads = styled[styled.length - 3];
      if (playheads) playheads.marker.color = look.map(({ color }) => color);
      redraw(
        above,
        styled.map((trace, place) => ({ ...trace, ...data[place] })),
        layout(true),
      );
      stage.style.setProperty("--rim", palette.rim);
      shape = key;
    }
    zoom.show(own);
    say();
  }

  /** @param {{x: number[], y: number[]}[]} runs */
  function startPoint(runs) {
    const { comparison } = store.get();
    const first = runs.find((run) => run.x.length);
    const start = network() ? [first?.x[0], first?.y[0]] : (comparison.start ?? problemEntry(comparison)?.start);
    return start?.[0] === undefined ? { x: [], y: [] } : { x: [start[0]], y: [start[1]] };
  }

  function say() {
    const { landscape, result, heights, connection, waiting, failure } = store.get();
    let text = "";
    if (failure !== null && (network() ? !landscape || landscape.stale : !heights)) text = failure;
    else if (network()) {
      if (!landscape)
        text = result?.done
          ? t("map.surveying")
          : t("map.training", { step: result?.last ?? 0, total: result?.total ?? "…" });
      else if (landscape.stale) text = t("map.stale");
      else if (landscape.stage !== "fine") text = t("map.coarse");
    } else if (waiting) text = t("map.preparing");
    else if (!heights && connection !== "lost") text = t("map.loading");
    renew(words, { text, hidden: !text });
    stage.classList.toggle("stale", Boolean(network() && landscape?.stale));
    stage.classList.toggle("draggable", !network());
    renew(stage, { "aria-label": network() ? t("map.label_network") : t("map.label") });
  }

  /** @param {PointerEvent} event */
  function moveStart(event) {
    const view = shown();
    if (!view) return;
    const box = stage.getBoundingClientRect();
    const { l, r, t: top, b } = margins();
    const across = (event.clientX - box.left - l) / (box.width - l - r);
    const up = 1 - (event.clientY - box.top - top) / (box.height - top - b);
    place(
      view.x[0] + Math.min(1, Math.max(0, across)) * (view.x[1] - view.x[0]),
      view.y[0] + Math.min(1, Math.max(0, up)) * (view.y[1] - view.y[0]),
      event,
    );
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {Event} event
   */
  function place(x, y, event) {
    const start = /** @type {[number, number]} */ ([Number(x.toPrecision(4)), Number(y.toPrecision(4))]);
    change(store, (comparison) => void (comparison.start = start), event);
  }

  stage.addEventListener("pointerdown", (event) => {
    if (network() || event.button !== 0 || event.shiftKey) return;
    dragging = true;
    stage.setPointerCapture(event.pointerId);
    moveStart(event);
  });
  stage.addEventListener("pointermove", (event) => dragging && moveStart(event));
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, () => {
      dragging = false;
      settle(store);
    });
  }
  stage.addEventListener("keydown", (event) => {
    const turn = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const view = shown();
    const { comparison } = store.get();
    const start = comparison.start ?? problemEntry(comparison)?.start;
    if (!turn || !view || !start || network()) return;
    event.preventDefault();
    const by = event.shiftKey ? 20 : 100;
    place(
      start[0] + ((turn[0] ?? 0) * (view.x[1] - view.x[0])) / by,
      start[1] + ((turn[1] ?? 0) * (view.y[1] - view.y[0])) / by,
      event,
    );
  });

  const watcher = new ResizeObserver(resize);
  watcher.observe(stage);
  const stops = [
    store.subscribe(
      ["result", "heights", "landscape", "playhead", "hidden", "theme", "view", "connection", "waiting"],
      draw,
    ),
    store.subscribe(["failure"], say),
    store.subscribe(["moving"], ({ moving }) => void (!moving && groundCoarse && drawGround())),
    store.subscribe(["comparison"], (state) => {
      if (problemOf(state.comparison) !== lastWindow) own = false;
      if (!network() && problemOf(state.comparison) !== lastWindow) resize();
      lastWindow = problemOf(state.comparison);
      if (network() !== wasNetwork) resize();
      wasNetwork = network();
      if (!state.moving || dragging) draw();
    }),
  ];
  let lastWindow = problemOf(store.get().comparison);
  let wasNetwork = network();
  resize();
  return () => {
    watcher.disconnect();
    for (const stop of stops) stop();
    element.replaceChildren();
  };
}

/**
 * A surface's domain, widened one way so that both axes have one scale where that costs little.
 * @param {import("./types").Comparison} comparison
 * @param {number} width
 * @param {number} height
 * @param {{l: number, r: number, t: number, b: number}} margin
 * @returns {import("./types").View | null}
 */
function windowOf(comparison, width, height, margin) {
  const domain = problemEntry(comparison)?.domain;
  if (!domain) return null;
  const [across, up] = [width - margin.l - margin.r, height - margin.t - margin.b];
  const [xs, ys] = domain.map(([from, to]) => to - from);
  const stretch = ((xs ?? 1) * up) / ((ys ?? 1) * across);
  /**
   * @param {[number, number]} axis
   * @param {number} by
   * @returns {[number, number]}
   */
  const widen = ([from, to], by) => {
    const spare = ((to - from) * (by - 1)) / 2;
    return [Number((from - spare).toPrecision(6)), Number((to + spare).toPrecision(6))];
  };
  const [byX, byY] = stretch < 1 ? [1 / stretch, 1] : [1, stretch];
  const equal = Math.max(byX, byY) <= MOST_WIDENED;
  return {
    x: widen(domain[0], equal ? byX : 1),
    y: widen(domain[1], equal ? byY : 1),
    width: COLUMNS,
    height: ROWS,
  };
}

/**
 * Plain arrays: Plotly's `animate` walks through the entries of typed ones as if they were an object's fields.
 * @param {Float32Array | undefined} pairs
 */
function columns(pairs) {
  const length = (pairs?.length ?? 0) / 2;
  /** @type {number[]} */
  const x = new Array(length);
  /** @type {number[]} */
  const y = new Array(length);
  for (let place = 0; place < length; place++) {
    x[place] = pairs?.[2 * place] ?? 0;
    y[place] = pairs?.[2 * place + 1] ?? 0;
  }
  return { x, y };
}

/**
 * @param {Float32Array} flat
 * @param {number} width
 */
function rows(flat, width) {
  const made = [];
  for (let from = 0; from < flat.length; from += width) made.push(flat.subarray(from, from + width));
  return made;
}

/**
 * The lowest minima, and the others unless they are so many that they would hide the paths.
 * @param {[number, number, number][]} minima
 */
function stars(minima) {
  const lowest = Math.min(...minima.map(([, , value]) => value));
  const near = lowest + 1e-3 * Math.max(1, Math.abs(lowest));
  const others = minima.filter(([, , value]) => value > near);
  return {
    minima: points(minima.filter(([, , value]) => value <= near)),
    local: points(others.length > MOST_LOCAL ? [] : others),
  };
}

/** @param {[number, number, number][]} minima */
const points = (minima) => ({ x: minima.map(([x]) => x), y: minima.map(([, y]) => y) });

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
