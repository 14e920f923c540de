// Zoom and pan: another window onto a surface, whose heights are then computed for it.
import { h, renew } from "./dom.js";
import { t } from "./language.js";

const STEP = 1.5;
const PER_PIXEL = 0.0015; // of the wheel
const FARTHEST = 1e5;
const FINEST = 1e-4; // of the distance from (0, 0), where float32 begins to show

/** @typedef {[number, number]} Range */

/**
 * @param {HTMLElement} stage
 * @param {object} options
 * @param {() => import("./types").View | null} options.view the window; null where it cannot be chosen
 * @param {() => {l: number, r: number, t: number, b: number}} options.margins around it, in pixels
 * @param {(x: Range, y: Range) => void} options.frame show this window
 * @param {() => void} options.fit show all again
 */
export function addZoom(stage, { view, margins, frame, fit }) {
  const button = (/** @type {string} */ name, /** @type {string} */ text, /** @type {() => void} */ act) =>
    h("button", {
      type: "button",
      class: "icon",
      "data-zoom": name,
      text,
      "aria-label": t(`zoom.${name}`),
      onclick: act,
    });
  const buttons = [
    button("in", "+", () => zoom(1 / STEP)),
    button("out", "−", () => zoom(STEP)),
    button("fit", "⤢", fit),
  ];
  const bar = h("div", { class: "zoom" }, buttons);
  // A press on a button is none on the map.
  bar.addEventListener("pointerdown", (event) => event.stopPropagation());
  stage.append(bar);
  let turned = 0;
  let wheeled = { x: 0, y: 0 };
  let waiting = false;
  /** @type {{ x: number, y: number, view: import("./types").View } | null} where a hand took hold of the map */
  let held = null;

  /**
   * Where in the window a pointer is, as shares of its width and height, from the left and from below.
   * @param {{ clientX: number, clientY: number }} pointer
   */
  function share({ clientX, clientY }) {
    const box = stage.getBoundingClientRect();
    const { l, r, t: top, b } = margins();
    return {
      x: (clientX - box.left - l) / (box.width - l - r),
      y: 1 - (clientY - box.top - top) / (box.height - top - b),
    };
  }

  /**
   * @param {number} by what the window's sides are multiplied by
   * @param {{ x: number, y: number }} [at] what stays where it is, by default the middle
   */
  function zoom(by, at = { x: 0.5, y: 0.5 }) {
    const now = view();
    if (!now) return;
    const [x, y] = [scaled(now.x, by, at.x), scaled(now.y, by, at.y)];
    if (x && y) frame(x, y);
  }

  stage.addEventListener(
    "wheel",
    (event) => {
      if (!view()) return;
      event.preventDefault();
      turned += event.deltaMode ? event.deltaY * 16 : event.deltaY;
      wheeled = share(event);
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        zoom(Math.exp(PER_PIXEL * turned), wheeled);
        turned = 0;
      });
    },
    { passive: false },
  );
  stage.addEventListener("pointerdown", (event) => {
    const now = view();
    if (!now || !(event.shiftKey && event.button === 0)) return;
    held = { ...share(event), view: now };
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!held) return;
    const at = share(event);
    const [across, up] = [held.x - at.x, held.y - at.y];
    frame(moved(held.view.x, across), moved(held.view.y, up));
  });
  for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => void (held = null));
  stage.addEventListener("keydown", (event) => {
    const by = { "+": 1 / STEP, "=": 1 / STEP, "-": STEP }[event.key];
    if (!view() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (by) zoom(by);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });

  return {
    /** @param {boolean} own whether the window is other than the whole */
    show(own) {
      renew(bar, { hidden: !view() });
      const last = buttons[2];
      if (last) renew(last, { disabled: !own });
    },
  };
}

/**
 * @param {Range} range
 * @param {number} by
 * @param {number} at share of the range that stays where it is
 * @returns {Range | null} null where that is too far or too near
 */
function scaled([from, to], by, at) {
  const fixed = from + at * (to - from);
  const [low, high] = [fixed + by * (from - fixed), fixed + by * (to - fixed)];
  const size = high - low;
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
