// Many seeds of a run: a dot for each, where it is at the playhead, on a canvas of its own between ground and paths.
import { figures, looks, template } from "../base/catalog.js";
import { marginsOf, shownWindow } from "./window.js";

/** The server keeps every fourth iterate of so many seeds. */
const STRIDE = 4;
const MOST = 64;

/**
 * How many seeds a result tells of.
 * @param {import("../types").Result | null} result
 */
const membersOf = (result) => Math.min(MOST, result?.seeds ?? 1);

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("../types").Store} store
 * @param {{ run: number, margin: import("./window").Margin }} [only] the one run that is shown, and around what margin
 */
export function createCloud(canvas, store, only) {
  const context = canvas.getContext("2d");
  let empty = true;
  let shape = "";

  /** @param {import("./window").Size} size */
  function draw(size) {
    const state = store.get();
    const { result, hidden, theme } = state;
    const window_ = shownWindow(state);
    const drawn = membersOf(result) > 1 && window_ !== null && context !== null;
    if (!drawn && empty) return;
    const ratio = window.devicePixelRatio || 1;
    const asked = `${size.width} ${size.height} ${ratio}`;
    if (asked !== shape) {
      canvas.width = Math.round(size.width * ratio);
      canvas.height = Math.round(size.height * ratio);
      shape = asked;
    }
    context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    context?.clearRect(0, 0, size.width, size.height);
    empty = !drawn;
    if (!drawn || !result) return;
    const { l, r, t, b } = only?.margin ?? marginsOf(state);
    const { marker, opacity } = template(figures.themes[theme].map, "cloud");
    const across = (size.width - l - r) / (window_.x[1] - window_.x[0]);
    const up = (size.height - t - b) / (window_.y[1] - window_.y[0]);
    context.save();
    context.beginPath();
    context.rect(l, t, size.width - l - r, size.height - t - b);
    context.clip();
    context.globalAlpha = opacity;
    context.strokeStyle = marker.line.color;
    context.lineWidth = marker.line.width;
    looks(state.comparison, theme).forEach(({ color }, place) => {
      if (hidden.includes(place) || (only && only.run !== place)) return;
      context.fillStyle = color;
      for (const [x, y] of placesOf(state, place)) {
        context.beginPath();
        context.arc(l + (x - window_.x[0]) * across, t + (window_.y[1] - y) * up, marker.size / 2, 0, 7);
        context.fill();
        context.stroke();
      }
    });
    context.restore();
  }

  return { draw };
}

/**
 * Where the seeds of a run are at the playhead: as of the last iterate that was kept.
 * @param {import("../types").State} state
 * @param {number} place
 * @returns {[number, number][]}
 */
function placesOf({ result, playhead }, place) {
  const cloud = result?.runs[place]?.arrays.cloud;
  const members = membersOf(result);
  if (!cloud || members < 2) return [];
  const moments = cloud.length / 2 / members;
  const moment = Math.min(moments - 1, Math.floor((playhead ?? Infinity) / STRIDE));
  return Array.from({ length: members }, (_, member) => {
    const at = 2 * (moment * members + member);
    return [cloud[at] ?? Number.NaN, cloud[at + 1] ?? Number.NaN];
  });
}
