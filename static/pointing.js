// The start, moved by a hand or by keys on a map.
import { problemEntry } from "./catalog.js";
import { change, settle } from "./change.js";
import { isNetwork, marginsOf, shownWindow } from "./window.js";

/**
 * @param {HTMLElement} stage
 * @param {import("./types").Store} store
 */
export function addPointing(stage, store) {
  let dragging = false;

  /** @param {PointerEvent} event */
  function moveStart(event) {
    const view = shownWindow(store.get());
    if (!view) return;
    const box = stage.getBoundingClientRect();
    const { l, r, t: top, b } = marginsOf(store.get());
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
    if (isNetwork(store.get()) || event.button !== 0 || event.shiftKey) return;
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
    const view = shownWindow(store.get());
    const { comparison } = store.get();
    const start = comparison.start ?? problemEntry(comparison)?.start;
    if (!turn || !view || !start || isNetwork(store.get())) return;
    event.preventDefault();
    const by = event.shiftKey ? 20 : 100;
    place(
      start[0] + ((turn[0] ?? 0) * (view.x[1] - view.x[0])) / by,
      start[1] + ((turn[1] ?? 0) * (view.y[1] - view.y[0])) / by,
      event,
    );
  });

  return { dragging: () => dragging };
}
