// The map: heights below, paths above, each in its own plot, so that moving paths never touches the heights.
import { problemOf } from "./catalog.js";
import { createCloud } from "./cloud.js";
import { h, renew } from "./dom.js";
import { createGround } from "./ground.js";
import { t } from "./language.js";
import { createPaths } from "./paths.js";
import { addPointing } from "./pointing.js";
import { isNetwork, marginsOf, viewOf, wholeWindow } from "./window.js";
import { addZoom } from "./zoom.js";

/** @type {import("./types").Mount} */
export function mount(element, store) {
  const below = h("div", { class: "plot" });
  const above = h("div", { class: "plot" });
  const dots = h("canvas", { class: "cloud", "aria-hidden": "true" });
  const words = h("p", { class: "map-words", role: "status" });
  const stage = h("div", { class: "stage", tabindex: 0, role: "application" }, [below, dots, above, words]);
  element.append(stage);
  const ground = createGround(below, store);
  const cloud = createCloud(dots, store);
  const paths = createPaths(above, store);
  let own = false; // whether the window is one that a person chose
  // Measured when it changes: asking while drawing would lay the page out twice.
  let size = { width: 0, height: 0 };

  const network = () => isNetwork(store.get());

  function resize() {
    const { width, height } = stage.getBoundingClientRect();
    size = { width, height };
    if (width < 80 || height < 80) return;
    if (!network() && !own) {
      const view = wholeWindow(store.get(), size);
      if (view && JSON.stringify(view) !== JSON.stringify(store.get().view)) store.update({ view });
    }
    draw();
  }

  const zoom = addZoom(stage, {
    view: () => (network() ? null : store.get().view),
    margins: () => marginsOf(store.get()),
    frame(x, y) {
      own = true;
      store.update({ view: viewOf(x, y) });
    },
    fit() {
      own = false;
      resize();
    },
  });
  const hand = addPointing(stage, store);

  function draw() {
    const state = store.get();
    if (!size.width || (!network() && !state.view)) return;
    ground.draw(size);
    cloud.draw(size);
    paths.draw(size, ground.shape());
    zoom.show(own);
    say();
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

  const watcher = new ResizeObserver(resize);
  watcher.observe(stage);
  const stops = [
    store.subscribe(
      ["result", "heights", "landscape", "playhead", "hidden", "theme", "view", "connection", "waiting"],
      draw,
    ),
    store.subscribe(["failure"], say),
    store.subscribe(["moving"], ({ moving }) => void (!moving && ground.coarse() && ground.draw(size))),
    store.subscribe(["comparison"], (state) => {
      if (problemOf(state.comparison) !== lastWindow) own = false;
      if (!network() && problemOf(state.comparison) !== lastWindow) resize();
      lastWindow = problemOf(state.comparison);
      if (network() !== wasNetwork) resize();
      wasNetwork = network();
      if (!state.moving || hand.dragging()) draw();
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
