// Zoom and pan: another window onto a surface, whose heights are then computed for it.
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { shareOf } from "./window.js";

const STEP = 1.5;
const PER_PIXEL = 0.0015; // of the wheel
const MIDDLE = { x: 0.5, y: 0.5 };
const FARTHEST = 1e5;
const FINEST = 1e-4; // of the distance from (0, 0), where float32 begins to show

/** @typedef {[number, number]} Range */
/** @typedef {ReturnType<typeof import("./framing").createFraming>} Framing */

/**
 * Let wheel, keys, a pull with Shift and two fingers choose the window.
 * @param {HTMLElement} stage
 * @param {Framing} framing
 * @param {() => import("./window").Margin} margins
 */
export function addZoom(stage, framing, margins) {
  let turned = 0;
  let wheeled = { x: 0, y: 0 };
  let waiting = false;
  const share = (/** @type {{ clientX: number, clientY: number }} */ pointer) => shareOf(stage, margins(), pointer);

  stage.addEventListener(
    "wheel",
    (event) => {
      if (!framing.view()) return;
      event.preventDefault();
      turned += event.deltaMode ? event.deltaY * 16 : event.deltaY;
      wheeled = share(event);
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        zoom(framing, Math.exp(PER_PIXEL * turned), wheeled, event.timeStamp);
        turned = 0;
      });
    },
    { passive: false },
  );
  stage.addEventListener("keydown", (event) => {
    const by = { "+": 1 / STEP, "=": 1 / STEP, "-": STEP }[event.key];
    if (!framing.view() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (by) zoom(framing, by, MIDDLE, event.timeStamp);
    else if (event.key === "0") framing.fit();
    else return;
    event.preventDefault();
  });
  addPull(stage, framing, share);
  addPinch(stage, framing, share);
}

/**
 * @param {HTMLElement} stage
 * @param {Framing} framing
 * @param {(pointer: PointerEvent) => { x: number, y: number }} share
 */
function addPull(stage, framing, share) {
  /** @type {{ x: number, y: number, view: import("../types").View } | null} where a hand took hold of the map */
  let held = null;
  stage.addEventListener("pointerdown", (event) => {
    const view = framing.view();
    if (!view || !(event.shiftKey && event.button === 0)) return;
    held = { ...share(event), view };
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!held) return;
    const at = share(event);
    framing.frame(moved(held.view.x, held.x - at.x), moved(held.view.y, held.y - at.y), event.timeStamp);
  });
  for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => void (held = null));
}

/**
 * Two fingers: what lies between them stays between them.
 * @param {HTMLElement} stage
 * @param {Framing} framing
 * @param {(pointer: PointerEvent) => { x: number, y: number }} share
 */
function addPinch(stage, framing, share) {
  /** @type {Map<number, PointerEvent>} */
  const fingers = new Map();
  /** @type {{ apart: number, middle: { x: number, y: number }, view: import("../types").View } | null} */
  let held = null;

  function between() {
    const [first, second] = [...fingers.values()];
    if (!first || !second) return null;
    const [one, other] = [share(first), share(second)];
    return {
      apart: Math.max(1, Math.hypot(first.clientX - second.clientX, first.clientY - second.clientY)),
      middle: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 },
    };
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" || fingers.size > 1) return;
    fingers.set(event.pointerId, event);
    const [found, view] = [between(), framing.view()];
    held = found && view && { ...found, view };
  });
  stage.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, event);
    const now = between();
    if (!held || !now) return;
    const by = held.apart / now.apart;
    const x = scaled(held.view.x, by, held.middle.x, now.middle.x);
    const y = scaled(held.view.y, by, held.middle.y, now.middle.y);
    if (x && y) framing.frame(x, y, event.timeStamp);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, (/** @type {any} */ event) => {
      if (fingers.delete(event.pointerId)) held = null;
    });
  }
}

/**
 * Buttons for it, in a corner of the stage.
 * @param {HTMLElement} stage
 * @param {Framing} framing
 */
export function addZoomButtons(stage, framing) {
  const button = (/** @type {string} */ name, /** @type {string} */ text, /** @type {(event: Event) => void} */ act) =>
    h("button", {
      type: "button",
      class: "icon",
      "data-zoom": name,
      text,
      "aria-label": t(`zoom.${name}`),
      onclick: act,
    });
  const all = button("fit", "⤢", () => framing.fit());
  const bar = h("div", { class: "zoom" }, [
    button("in", "+", (event) => zoom(framing, 1 / STEP, MIDDLE, event.timeStamp)),
    button("out", "−", (event) => zoom(framing, STEP, MIDDLE, event.timeStamp)),
    all,
  ]);
  // A press on a button is none on the map.
  bar.addEventListener("pointerdown", (event) => event.stopPropagation());
  stage.append(bar);
  return {
    show() {
      renew(bar, { hidden: !framing.view() });
      renew(all, { disabled: !framing.own() });
    },
  };
}

/**
 * @param {Framing} framing
 * @param {number} by what the window's sides are multiplied by
 * @param {{ x: number, y: number }} at what stays where it is
 * @param {number} time of the event
 */
function zoom(framing, by, at, time) {
  const now = framing.view();
  if (!now) return;
  const [x, y] = [scaled(now.x, by, at.x), scaled(now.y, by, at.y)];
  if (x && y) framing.frame(x, y, time);
}

/**
 * @param {Range} range
 * @param {number} by
 * @param {number} at share of the range that is held
 * @param {number} [goes] share at which it lies afterwards; by default where it was
 * @returns {Range | null} null where that is too far or too near
 */
function scaled([from, to], by, at, goes = at) {
  const fixed = from + at * (to - from);
  const size = by * (to - from);
  const low = fixed - goes * size;
  const high = low + size;
  if (Math.max(Math.abs(low), Math.abs(high)) > FARTHEST) return null;
  return size < FINEST * Math.max(1, Math.abs(fixed)) ? null : rounded(low, high);
}

/**
 * @param {Range} range
 * @param {number} by share of its length
 */
function moved([from, to], by) {
  const way = Math.max(-FARTHEST - from, Math.min(FARTHEST - to, by * (to - from)));
  return rounded(from + way, to + way);
}

/**
 * As many digits as tell the ends apart.
 * @param {number} low
 * @param {number} high
 * @returns {Range}
 */
const rounded = (low, high) => {
  const grain = 10 ** (Math.floor(Math.log10(high - low)) - 4);
  return [
    Number((Math.round(low / grain) * grain).toPrecision(12)),
    Number((Math.round(high / grain) * grain).toPrecision(12)),
  ];
};
