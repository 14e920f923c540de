// Runs side by side: a map for each, all with one window and one playhead, so that a zoom or a start in one is in all.
import { looks, ownNumbers } from "../base/catalog.js";
import { createCloud } from "./cloud.js";
import { h, renew } from "../base/dom.js";
import { createGround } from "./ground.js";
import { t } from "../base/language.js";
import { short } from "../base/numbers.js";
import { DRAWN_FROM, createPaths } from "./paths.js";
import { clear, copy } from "../charts/plot.js";
import { addPointing } from "./pointing.js";
import { isNetwork, mapLayout } from "./window.js";
import { addZoom, addZoomButtons } from "./zoom.js";

/** Beyond as many the rest is scrolled to. */
const MOST_AT_ONCE = 6;
const GAP = 8;
const TITLE = 24;
const BEST_SIDES = 1.3; // width over height
const BARE = { l: 0, r: 0, t: 0, b: 0 };
/** Beside and below all panels: the numbers of the outer axes. */
const GUTTER = { l: 38, r: 0, t: 0, b: 22 };

/** @type {import("../types").Picture} */
export function mount(element, store, { framing }) {
  const cells = h("div", { class: "cells" });
  const above = h("div", { class: "plot" });
  const stage = h("div", { class: "stage" }, [h("div", { class: "panels" }, [cells, above])]);
  element.append(stage);
  const buttons = addZoomButtons(stage, framing);
  const paths = createPaths(above, store);
  /** @type {Panel[]} */
  let panels = [];
  /** @type {{ ground: ReturnType<typeof createGround>, first: Panel, others: Panel[] }[]} a surface each */
  let grounds = [];
  let shape = "";
  let room = { width: 0, height: 0 };
  /** @type {Arrangement} */
  let arrangement = { columns: 1, rows: 1, size: { width: 0, height: 0 } };

  /** A panel for each run that is not hidden, in as many columns as make them large. */
  function arrange() {
    const { comparison, hidden } = store.get();
    const runs = comparison.runs.map((_, place) => place).filter((place) => !hidden.includes(place));
    const numbers = ownNumbers(comparison);
    const key = JSON.stringify([runs, room, numbers]);
    if (key === shape || !room.width) return;
    shape = key;
    leave();
    panels = runs.map(createPanel);
    cells.replaceChildren(...panels.map((panel) => panel.element));
    arrangement = arranged(runs.length, room);
    const { columns, size } = arrangement;
    cells.style.gridTemplateColumns = `repeat(${columns}, ${size.width}px)`;
    cells.style.gridAutoRows = `${size.height + TITLE}px`;
    grounds = [...new Set(runs.map((run) => numbers[run]))].flatMap((one) => {
      const [first, ...others] = panels.filter(({ run }) => numbers[run] === one);
      return first ? [{ ground: createGround(first.below, store, BARE, [first.run]), first, others }] : [];
    });
    framing.fitInto(size, () => BARE); // last: it may ask for another window, which draws
  }

  /** @param {number} run */
  function createPanel(run) {
    const below = h("div", { class: "plot" });
    const dots = h("canvas", { class: "cloud", "aria-hidden": "true" });
    const name = h("b");
    const said = h("span", { class: "muted" });
    const picture = h("div", { class: "stage", tabindex: 0, role: "application" }, [below, dots]);
    const section = h("section", { class: "cell", "data-run": run }, [h("h3", {}, [name, said]), picture]);
    addZoom(picture, framing, () => BARE);
    const hand = addPointing(
      picture,
      store,
      () => BARE,
      () => [run],
    );
    return {
      run,
      element: section,
      below,
      hand,
      cloud: createCloud(dots, store, { run, margin: BARE }),
      /** @param {{ name: string, color: string }} look */
      label(look) {
        renew(name, { text: look.name });
        renew(said, { text: lossOf(store.get(), run) });
        renew(section, { style: `--run: ${look.color}` });
        renew(picture, { "aria-label": t("panels.label", { name: look.name }) });
      },
    };
  }
  /** @typedef {ReturnType<typeof createPanel>} Panel */

  function leave() {
    for (const { below } of panels) clear(below);
  }

  /** The heights of a surface are drawn once, in its first panel, and shown in all of its panels. */
  function drawGrounds() {
    for (const { ground, first, others } of grounds)
      void ground.draw(arrangement.size)?.then(() => others.forEach((other) => copy(first.below, other.below)));
  }

  function draw() {
    arrange();
    const state = store.get();
    if (!panels.length || arrangement.size.height < 1 || (!isNetwork(state) && !state.view)) return;
    drawGrounds();
    const look = looks(state.comparison, state.theme);
    for (const panel of panels) {
      panel.label(look[panel.run] ?? { name: "", color: "" });
      panel.cloud.draw(arrangement.size);
    }
    paths.draw({
      shape,
      parts: panels.map(({ run }) => [run]),
      size: arrangement.size,
      layout: () => layoutOf(state, panels.length, arrangement),
    });
    buttons.show();
  }

  const watcher = new ResizeObserver(() => {
    const { width, height } = stage.getBoundingClientRect();
    room = { width, height };
    draw();
  });
  watcher.observe(stage);
  const stops = [
    store.subscribe([...DRAWN_FROM, "connection", "failure"], draw),
    store.subscribe(
      ["moving"],
      ({ moving }) => void (!moving && grounds.some(({ ground }) => ground.coarse()) && drawGrounds()),
    ),
    store.subscribe(["comparison"], ({ moving }) => {
      if (!moving || panels.some(({ hand }) => hand.dragging())) draw();
    }),
  ];
  return () => {
    watcher.disconnect();
    for (const stop of stops) stop();
    leave();
    clear(above);
    element.replaceChildren();
  };
}

/** @typedef {{ columns: number, rows: number, size: import("./window").Size }} Arrangement `size` is that of a map */

/**
 * As many columns as make the maps of the first six as large as can be.
 * @param {number} count
 * @param {import("./window").Size} room
 * @returns {Arrangement}
 */
function arranged(count, room) {
  const first = Math.min(count, MOST_AT_ONCE);
  let best = { columns: 1, rows: count, size: { width: 0, height: 0 } };
  let most = -Infinity;
  for (let columns = 1; columns <= first; columns++) {
    const rows = Math.ceil(first / columns);
    const width = Math.floor((room.width - GUTTER.l - GAP * columns) / columns);
    const height = Math.floor((room.height - GUTTER.b - GAP * (rows - 1)) / rows - TITLE);
    const worth = Math.min(width / BEST_SIDES, height);
    if (worth <= most || width < 1 || height < 1) continue;
    most = worth;
    best = { columns, rows: Math.ceil(count / columns), size: { width, height } };
  }
  return best;
}

/**
 * The layout of all panels as one figure with a pair of axes for each; only the outer axes have numbers.
 * @param {import("../types").State} state
 * @param {number} count
 * @param {Arrangement} arrangement
 */
function layoutOf(state, count, { columns, rows, size }) {
  const across = columns * (size.width + GAP) - GAP;
  const down = rows * (size.height + TITLE + GAP) - GAP;
  const whole = { width: across + GUTTER.l, height: down + GUTTER.b };
  const made = mapLayout(state, whole, { x: true, y: true, names: false, margin: GUTTER });
  const { xaxis, yaxis } = made;
  for (let place = 0; place < count; place++) {
    const [column, row] = [place % columns, Math.floor(place / columns)];
    const number = place ? String(place + 1) : "";
    const left = column * (size.width + GAP);
    const top = row * (size.height + TITLE + GAP) + TITLE;
    made[`xaxis${number}`] = {
      ...xaxis,
      domain: [left / across, (left + size.width) / across],
      anchor: `y${number}`,
      visible: xaxis.visible && place + columns >= count,
    };
    made[`yaxis${number}`] = {
      ...yaxis,
      domain: [1 - (top + size.height) / down, 1 - top / down],
      anchor: `x${number}`,
      visible: yaxis.visible && column === 0,
    };
  }
  return made;
}

/**
 * The loss where a run's dot is, or that it diverged before.
 * @param {import("../types").State} state
 * @param {number} run
 */
function lossOf(state, run) {
  const found = state.result?.runs[run];
  const loss = found?.arrays.loss;
  if (!found || !loss?.length) return "";
  const at = Math.min(state.playhead ?? Infinity, loss.length - 1);
  if (found.status === "diverged" && at === loss.length - 1) return t("runs.diverged", { step: found.steps });
  return short(loss[at] ?? 0);
}
