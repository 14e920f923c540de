// The views of a landscape: which one is shown, and what is said while there is nothing to show.
import { figures, looks } from "../base/catalog.js";
import { h, renew } from "../base/dom.js";
import { createFraming } from "./framing.js";
import { rowsWords } from "../problem/rows.js";
import { t } from "../base/language.js";
import { mount as mountMap } from "./map.js";
import { mount as mountPanels } from "./panels.js";
import { collapsed } from "./plane.js";
import { mount as mountRelief } from "./relief.js";
import { mount as mountSlice } from "./slice.js";
import { heightsBelow, isNetwork } from "./window.js";

/** @type {Record<string, import("../types").Picture>} */
const VIEWS = { overlay: mountMap, panels: mountPanels, "3d": mountRelief, slice: mountSlice };
/** Views of losses of two parameters. */
const OF_TWO = ["slice"];
const ROWS = ["sample", "all_rows"];
const NOTHING = { about: "", text: "" };

/**
 * The view that is shown: the chosen one where the problem has it.
 * @param {import("../types").State} state
 */
export const layoutOf = (state) => (possible(state, state.layout) ? state.layout : "overlay");

/**
 * @param {import("../types").State} state
 * @param {string} layout
 */
const possible = (state, layout) => layout in VIEWS && !(isNetwork(state) && OF_TWO.includes(layout));

/** @type {import("../types").Mount} */
export function mount(element, store) {
  const holder = h("div", { class: "view" });
  const words = h("p", { class: "map-words", "aria-hidden": "true" });
  const heard = h("p", { class: "unseen", role: "status" });
  const note = h("p", { class: "map-note", text: t("map.undefined"), hidden: true });
  element.append(holder, words, heard, note);
  const own = h("p", { class: "map-note own", hidden: true });
  element.append(own);
  const framing = createFraming(store);
  let shown = "";
  let heardOf = "";
  let leave = () => {};

  function show() {
    const layout = layoutOf(store.get());
    if (layout !== shown) {
      leave();
      shown = layout;
      document.body.dataset.layout = layout;
      leave = VIEWS[layout]?.(holder, store, { framing }) ?? (() => {});
    }
    say();
  }

  function say() {
    const state = store.get();
    const { about, text } = saying(state);
    const calm = ROWS.includes(about);
    hear(about, text);
    renew(words, { text, hidden: !text, class: calm ? "map-words calm" : "map-words" });
    element.classList.toggle("stale", isNetwork(state) && Boolean(state.landscape?.stale));
    element.classList.toggle("draggable", !isNetwork(state));
    const holes = !isNetwork(state) && Boolean(state.heights?.holes);
    renew(note, { hidden: !holes });
    const others = layoutOf(state) === "panels" ? "" : elsewhere(state);
    const remark = others ? t("map.own_numbers", { names: others }) : collapsed(state);
    renew(own, { text: remark, hidden: !remark });
    element.classList.toggle("holed", holes);
  }

  /**
   * Say aloud that something has begun, and that the last of it is done, but no number on the way.
   * @param {string} about
   * @param {string} text
   */
  function hear(about, text) {
    if (about === heardOf) return;
    const ended = ["coarse", "training", "surveying", "stale"].includes(heardOf) && !about;
    heardOf = about;
    renew(heard, { text: ended ? t("map.surveyed") : text });
  }

  const stops = [
    store.subscribe(["layout", "comparison"], show),
    store.subscribe(["result", "heights", "hidden", "theme", "landscape", "connection", "waiting", "failure"], say),
  ];
  show();
  return () => {
    leave();
    framing.stop();
    for (const stop of stops) stop();
    element.replaceChildren();
  };
}

/**
 * The names of the runs that are on another surface than the one that is shown.
 * @param {import("../types").State} state
 */
function elsewhere(state) {
  const { comparison, heights, hidden, theme } = state;
  const shown = heightsBelow(state);
  return looks(comparison, theme)
    .filter((_, run) => heights && !hidden.includes(run) && heightsBelow(state, [run]) !== shown)
    .map(({ name }) => name)
    .join(", ");
}

/**
 * What is said while there is nothing to show, or not all.
 * @param {import("../types").State} state
 * @returns {{ about: string, text: string }} `about` stays the same while only numbers in the text change
 */
function saying(state) {
  const { landscape, result, heights, connection, waiting, failure, errors } = state;
  const say = (/** @type {string} */ about, values = {}) => ({ about, text: t(`map.${about}`, values) });
  if (failure !== null && (isNetwork(state) ? !landscape || landscape.stale : !heights))
    return errors.length ? say("mend") : { about: failure, text: failure };
  if (isNetwork(state)) {
    if (!landscape && result?.done) return say("surveying");
    if (!landscape) return say("training", { step: result?.last ?? 0, total: result?.total ?? "…" });
    if (landscape.stale) return say("stale");
    return landscape.stage === "fine" ? NOTHING : say("coarse");
  }
  if (waiting) return say("preparing");
  return !heights && connection !== "lost" ? say("loading") : (rowsWords(state) ?? NOTHING);
}

/**
 * The control that chooses a view: native radio buttons, of which the arrow keys are.
 * @type {import("../types").Mount}
 */
export function mountSwitch(element, store) {
  const choices = figures.views.map((layout) => {
    const input = h("input", {
      type: "radio",
      name: "layout",
      value: layout,
      onchange: () => store.update({ layout }),
    });
    return { layout, input, label: h("label", {}, [input, h("span", { text: t(`view.${layout}`) })]) };
  });
  element.setAttribute("role", "radiogroup");
  element.setAttribute("aria-label", t("view.label"));
  element.append(...choices.map(({ label }) => label));

  function show() {
    const state = store.get();
    for (const { layout, input } of choices) {
      const chosen = layout === layoutOf(state);
      if (input.checked !== chosen) input.checked = chosen;
      renew(input, { disabled: !possible(state, layout) });
    }
  }
  const stop = store.subscribe(["layout", "comparison"], show);
  show();
  return () => {
    stop();
    element.replaceChildren();
  };
}

/** @param {import("../types").Store} store */
export function nextView(store) {
  const state = store.get();
  const there = figures.views.filter((layout) => possible(state, layout));
  const next = there[(there.indexOf(layoutOf(state)) + 1) % there.length];
  if (next) store.update({ layout: next });
}
