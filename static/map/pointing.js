// The start, moved by a hand or by keys on a map.
import { problemEntry } from "../base/catalog.js";
import { change, settle } from "../base/change.js";
import { toggleSelected } from "../base/selection.js";
import { ownStarts, piecesOf } from "./paths.js";
import { isNetwork, shareOf, shownWindow } from "./window.js";

const REACH = 18; // pixels around the ring of a run's own start
const DOT = 9; // pixels around the dot of a run
const SLACK = 6; // pixels that a finger may move before it is more than a tap

/**
 * @param {HTMLElement} stage
 * @param {import("../types").Store} store
 * @param {() => import("./window").Margin} margins
 * @param {() => number[]} [runs] those drawn here, all of them unless some are named
 */
export function addPointing(stage, store, margins, runs) {
  /** @type {Set<number>} pointers that are down */
  const down = new Set();
  /** @type {{ event: PointerEvent, run: number | null, start: [number, number] | null | undefined, moves: boolean, dot: number | null } | null} */
  let held = null;

  /** @param {PointerEvent} event */
  function moveStart(event) {
    const view = shownWindow(store.get());
    if (!view) return;
    const { x, y } = shareOf(stage, margins(), event);
    place(
      view.x[0] + Math.min(1, Math.max(0, x)) * (view.x[1] - view.x[0]),
      view.y[0] + Math.min(1, Math.max(0, y)) * (view.y[1] - view.y[0]),
      event,
    );
  }

  /**
   * How far a point of the map is from the pointer, in pixels.
   * @param {PointerEvent} event
   * @returns {(point: [number, number]) => number}
   */
  function farFrom(event) {
    const view = shownWindow(store.get());
    if (!view) return () => Infinity;
    const { x, y, width, height } = shareOf(stage, margins(), event);
    return ([pointX, pointY]) => {
      const across = (pointX - view.x[0]) / (view.x[1] - view.x[0]) - x;
      const up = (pointY - view.y[0]) / (view.y[1] - view.y[0]) - y;
      return Math.hypot(across * width, up * height);
    };
  }

  /**
   * The run whose own start lies under the pointer, the last one drawn first; null: the start that all share.
   * @param {PointerEvent} event
   */
  function runUnder(event) {
    const far = farFrom(event);
    return ownStarts(store.get(), runs?.()).findLast(({ start }) => far(start) < REACH)?.place ?? null;
  }

  /**
   * The run whose dot lies under the pointer; null where none does, and where it is the ring of a start that does.
   * @param {PointerEvent} event
   */
  function dotUnder(event) {
    const state = store.get();
    const far = farFrom(event);
    const start = state.comparison.start ?? problemEntry(state.comparison)?.start;
    const rings = [...ownStarts(state).map((one) => one.start), ...(start && !isNetwork(state) ? [start] : [])];
    if (state.comparison.runs.length < 2 || rings.some((ring) => far(ring) < DOT)) return null;
    const shown = runs?.() ?? state.comparison.runs.map((_, run) => run);
    const distances = piecesOf(state).map(({ x, y, cut }, run) =>
      shown.includes(run) ? far([x[cut] ?? Number.NaN, y[cut] ?? Number.NaN]) : Number.NaN,
    );
    const least = Math.min(...distances.filter((distance) => distance < DOT));
    return Number.isFinite(least) ? distances.lastIndexOf(least) : null; // of several in one place the upper one
  }

  /** @param {import("../types").Comparison} comparison */
  const holder = (comparison) => comparison.runs[held?.run ?? -1] ?? comparison;

  /**
   * @param {number} x
   * @param {number} y
   * @param {Event} event
   */
  function place(x, y, event) {
    const start = /** @type {[number, number]} */ ([Number(x.toPrecision(4)), Number(y.toPrecision(4))]);
    change(store, (comparison) => void (holder(comparison).start = start), event);
  }

  stage.addEventListener("pointerdown", (event) => {
    down.add(event.pointerId);
    if (down.size > 1) return letGo(true);
    if (event.button !== 0 || event.shiftKey) return;
    const dot = dotUnder(event);
    if (isNetwork(store.get())) return void (dot !== null && toggleSelected(store, dot));
    stage.setPointerCapture(event.pointerId);
    // A finger may be the first of two, which zoom, and a dot may be meant: both move the start only once it is more.
    held = { event, run: runUnder(event), start: null, moves: event.pointerType !== "touch" && dot === null, dot };
    held.start = holder(store.get().comparison).start;
    if (held.moves) moveStart(event);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!held) stage.classList.toggle("over-dot", dotUnder(event) !== null);
    if (!held || event.pointerId !== held.event.pointerId) return;
    const way = Math.hypot(event.clientX - held.event.clientX, event.clientY - held.event.clientY);
    held.moves ||= way > SLACK;
    if (held.moves) moveStart(event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, (/** @type {any} */ event) => {
      down.delete(event.pointerId);
      if (end === "pointerup" && held && !held.moves) {
        if (held.dot === null) moveStart(event);
        else toggleSelected(store, held.dot);
      }
      letGo(false);
    });
  }

  /** @param {boolean} back whether the start goes back to where it was: it was no hand that moved it */
  function letGo(back) {
    const before = held?.start;
    if (back && held?.moves) change(store, (comparison) => void (holder(comparison).start = before));
    held = null;
    settle(store);
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

  return { dragging: () => held !== null };
}
