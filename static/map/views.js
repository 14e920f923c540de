// The views of a landscape: which one is shown, and what is said while there is nothing to show.
import { figures } from "../base/catalog.js";
import { h, renew } from "../base/dom.js";
import { createFraming } from "./framing.js";
import { rowsWords } from "../problem/rows.js";
import { t } from "../base/language.js";
import { mount as mountMap } from "./map.js";
import { mount as mountPanels } from "./panels.js";
import { mount as mountRelief } from "./relief.js";
import { mount as mountSlice } from "./slice.js";
import { isNetwork } from "./window.js";

/** @type {Record<string, import("../types").Picture>} */
const VIEWS = { overlay: mountMap, panels: mountPanels, "3d": mountRelief, slice: mountSlice };
/** Views of losses of two parameters. */
const OF_TWO = ["slice"];

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
  const words = h("p", { class: "map-words", role: "status" });
  const note = h("p", { class: "map-note", text: t("map.undefined"), hidden: true });
  element.append(holder, words, note);
  const framing = createFraming(store);
  let shown = "";
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
    const text = saying(state);
    const calm = text !== "" && text === rowsWords(state);
    renew(words, { text, hidden: !text, class: calm ? "map-words calm" : "map-words" });
    element.classList.toggle("stale", isNetwork(state) && Boolean(state.landscape?.stale));
    element.classList.toggle("draggable", !isNetwork(state));
    const holes = !isNetwork(state) && Boolean(state.heights?.holes);
    renew(note, { hidden: !holes });
    element.classList.toggle("holed", holes);
  }

  const stops = [
    store.subscribe(["layout", "comparison"], show),
    store.subscribe(["result", "heights", "landscape", "connection", "waiting", "failure"], say),
  ];
  show();
  return () => {
    leave();
    framing.stop();
    for (const stop of stops) stop();
    element.replaceChildren();
  };
}

/** @param {import("../types").State} state */
function saying(state) {
  const { landscape, result, heights, connection, waiting, failure } = state;
  if (failure !== null && (isNetwork(state) ? !landscape || landscape.stale : !heights)) return failure;
  if (isNetwork(state)) {
    if (!landscape && result?.done) return t("map.surveying");
    if (!landscape) return t("map.training", { step: result?.last ?? 0, total: result?.total ?? "…" });
    if (landscape.stale) return t("map.stale");
    return landscape.stage === "fine" ? "" : t("map.coarse");
  }
  if (waiting) return t("map.preparing");
  return !heights && connection !== "lost" ? t("map.loading") : rowsWords(state);
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
