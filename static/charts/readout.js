// The pointer on a chart: what the curves are at its step, and the playhead, which follows it while it is pressed.
import { looks } from "../base/catalog.js";
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { lastUntil, short } from "../base/numbers.js";
import { droppedBy, runsToDrop } from "./drops.js";

/**
 * @typedef {object} Shown what the chart draws
 * @property {import("./series").Lines[]} lines a run each
 * @property {number} offset what is taken off every value
 * @property {number} total steps
 * @property {{ l: number, r: number }} margin pixels beside the inner area
 */

/**
 * @param {HTMLElement} stage of the chart
 * @param {import("../types").Store} store
 * @param {() => Shown | null} shown null where there are no curves
 */
export function createReadout(stage, store, shown) {
  const line = h("div", { class: "readout-line" });
  const head = h("b");
  const body = h("div");
  const box = h("div", { class: "readout-box" }, [head, body]);
  const element = h("div", { class: "readout", "aria-hidden": "true", hidden: true }, [line, box]);
  /** @type {number | null} the step at the pointer */
  let pointed = null;
  let previewed = false;
  let held = false;

  /** @param {PointerEvent} event */
  function stepAt(event) {
    const known = shown();
    if (!known || (event.target instanceof Element && event.target.closest(".drop"))) return null;
    const { left, width } = stage.getBoundingClientRect();
    const { l, r } = known.margin;
    const across = (event.clientX - left - l) / (width - l - r);
    if (!held && (across < 0 || across > 1)) return null;
    return Math.round(Math.min(1, Math.max(0, across)) * known.total);
  }

  /** @param {PointerEvent} event */
  function scrub(event) {
    const at = stepAt(event);
    const total = shown()?.total ?? 0;
    if (at !== null) store.update({ playing: false, playhead: at >= total ? null : at });
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary || stepAt(event) === null) return;
    held = true;
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    pointed = stepAt(event);
    if (held) scrub(event);
    draw();
  });
  stage.addEventListener("pointerup", (event) => {
    if (held) scrub(event);
    held = false;
    if (event.pointerType === "touch") leave();
  });
  stage.addEventListener("pointercancel", leave);
  stage.addEventListener("pointerleave", leave);

  function leave() {
    held = false;
    pointed = null;
    draw();
  }

  /**
   * Show where a drop would come, or no longer.
   * @param {boolean} on
   */
  function preview(on) {
    previewed = on;
    draw();
  }

  function draw() {
    const known = shown();
    const state = store.get();
    const drop = previewed && runsToDrop(state, state.playhead ?? 0).length ? state.playhead : null;
    const at = drop ?? pointed;
    renew(element, { hidden: !known || at === null });
    if (!known || at === null) return;
    const share = known.total ? (100 * at) / known.total : 0;
    renew(line, { style: `left: ${share}%`, class: drop === null ? "readout-line" : "readout-line ghost" });
    renew(box, { style: share > 50 ? `right: ${100 - share}%` : `left: ${share}%` });
    const says = t(known.offset ? "readout.above" : "readout.step", { step: at });
    renew(head, { text: drop === null ? says : t("drop.ghost", { times: droppedBy(state), step: at }) });
    if (drop === null) tell(known, at);
    else body.replaceChildren();
  }

  /**
   * @param {Shown} known
   * @param {number} at
   */
  function tell({ lines, offset }, at) {
    const { comparison, theme } = store.get();
    const rows = looks(comparison, theme).flatMap(({ name, color }, run) => {
      const found = lines[run];
      const values = [found?.thick, found?.thin].flatMap((line) => valueAt(line, at));
      return values.length ? [{ name, color, text: values.map((value) => short(value - offset)).join(" · ") }] : [];
    });
    while (body.childElementCount > rows.length) body.lastElementChild?.remove();
    while (body.childElementCount < rows.length)
      body.append(h("p", {}, [h("span", { class: "dot" }), h("span"), h("span")]));
    rows.forEach(({ name, color, text }, place) => {
      const [dot, named, worth] = body.children[place]?.children ?? [];
      if (dot instanceof HTMLElement) renew(dot, { style: `--run: ${color}` });
      if (named instanceof HTMLElement) renew(named, { text: name });
      if (worth instanceof HTMLElement) renew(worth, { text });
    });
  }

  return { element, draw, preview };
}

/**
 * @param {import("./series").Line | undefined} line
 * @param {number} at a step
 * @returns {number[]} nothing where the line has not begun, or has ended
 */
function valueAt(line, at) {
  const [first, last] = [line?.x[0], line?.x[line.x.length - 1]];
  if (!line || first === undefined || last === undefined || at < first || at > last) return [];
  const value = line.y[lastUntil(line.x, at)];
  return value === undefined || value === null ? [] : [value];
}
