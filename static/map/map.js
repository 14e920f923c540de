// All runs on one map: heights below, paths above, each in its own plot, so that moving paths never touches the heights.
import { createCloud } from "./cloud.js";
import { h, renew } from "../base/dom.js";
import { createGround } from "./ground.js";
import { t } from "../base/language.js";
import { DRAWN_FROM, createPaths } from "./paths.js";
import { clear } from "../charts/plot.js";
import { addPointing } from "./pointing.js";
import { ALL_AXES, insideOf, isNetwork, mapLayout, marginsOf } from "./window.js";
import { addZoom, addZoomButtons } from "./zoom.js";

/** @type {import("../types").Picture} */
export function mount(element, store, { framing }) {
  const below = h("div", { class: "plot" });
  const above = h("div", { class: "plot" });
  const dots = h("canvas", { class: "cloud", "aria-hidden": "true" });
  const stage = h("div", { class: "stage", tabindex: 0, role: "application" }, [below, dots, above]);
  element.append(stage);
  const ground = createGround(below, store);
  const cloud = createCloud(dots, store);
  const paths = createPaths(above, store);
  const margins = () => marginsOf(store.get());
  addZoom(stage, framing, margins);
  const buttons = addZoomButtons(stage, framing);
  const hand = addPointing(stage, store, margins);
  // Measured when it changes: asking while drawing would lay the page out twice.
  let size = { width: 0, height: 0 };

  function resize() {
    const { width, height } = stage.getBoundingClientRect();
    size = { width, height };
    framing.fitInto(size, margins);
    draw();
  }

  function draw() {
    const state = store.get();
    if (!size.width || (!isNetwork(state) && !state.view)) return;
    ground.draw(size);
    cloud.draw(size);
    paths.draw({
      shape: JSON.stringify([size, state.comparison.problem.kind, isNetwork(state) && state.landscape?.axes]),
      parts: [state.comparison.runs.map((_, place) => place)],
      size: insideOf(size, margins()),
      layout: () => mapLayout(state, size, ALL_AXES),
    });
    buttons.show();
    renew(stage, { "aria-label": isNetwork(state) ? t("map.label_network") : t("map.label") });
  }

  const watcher = new ResizeObserver(resize);
  watcher.observe(stage);
  const stops = [
    store.subscribe([...DRAWN_FROM, "connection", "failure"], draw),
    store.subscribe(["moving"], ({ moving }) => void (!moving && ground.coarse() && ground.draw(size))),
    store.subscribe(["comparison"], ({ moving }) => void ((!moving || hand.dragging()) && draw())),
  ];
  resize();
  return () => {
    watcher.disconnect();
    for (const stop of stops) stop();
    for (const plot of [below, above]) clear(plot);
    element.replaceChildren();
  };
}
