// What can be chosen of a chart beside its quantity: the scale, the coordinate, the part of a state, a drop.
import { axisNames } from "../base/catalog.js";
import { picker } from "../controls/controls.js";
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { drop } from "./drops.js";
import { BY_COORDINATE, DROPPABLE } from "./series.js";
import { chosenSlot, slotChoices } from "./slots.js";

/**
 * @param {import("../types").Store} store
 * @param {(on: boolean) => void} preview show where the learning rate would drop, or no longer
 */
export function createOptions(store, preview) {
  const element = h("div", { class: "chart-options" });
  const log = chip("log", () => {
    const { scales } = store.get();
    store.update({ scales: { ...scales, [chart]: pressed(log) ? "linear" : "log" } });
  });
  const above = chip("above", () => store.update({ above: !store.get().above }));
  const here = h("button", {
    type: "button",
    class: "chip",
    text: t("drop.here"),
    "aria-label": t("drop.here_label"),
    "aria-keyshortcuts": "d",
    onclick: () => drop(store, store.get().playhead ?? 0),
  });
  for (const begins of ["pointerenter", "focus"]) here.addEventListener(begins, () => preview(true));
  for (const ends of ["pointerleave", "blur"]) here.addEventListener(ends, () => preview(false));
  const coordinate = picker({
    name: "coordinate",
    label: t("chart.coordinate"),
    kind: "small",
    entries: ["both", "x", "y"].map((value) => ({ value, title: "" })), // their names hang on the problem
    value: store.get().coordinate,
    choose: (chosen) => store.update({ coordinate: /** @type {import("../types").State["coordinate"]} */ (chosen) }),
  });
  const slots = h("span", { hidden: true });
  element.append(slots, coordinate, above, log, here);
  let chart = "";
  let slotsShown = "";

  function drawSlots() {
    const state = store.get();
    const choices = chart === "state" ? slotChoices(state) : [];
    const entries = choices.map(({ name, form, meanings }) => ({
      value: `${name}:${form}`,
      title: t(`chart.slot_${form}`, { meaning: meanings.join(" / ") }),
    }));
    const chosen = chosenSlot(state);
    const value = entries.length && chosen ? `${chosen.name}:${chosen.form}` : "";
    const key = JSON.stringify([entries, value]);
    if (key === slotsShown) return;
    slotsShown = key;
    const focused = slots.contains(document.activeElement);
    const list = picker({
      name: "slot",
      label: t("chart.slot"),
      kind: "small",
      entries,
      value,
      choose: (slot) => store.update({ slot }),
    });
    renew(slots, { hidden: !entries.length });
    slots.replaceChildren(...(entries.length ? [list] : []));
    if (focused) list.focus();
  }

  /**
   * @param {string} shown the chart
   * @param {import("./scale").Scale | null} scale how it is drawn; null: as a table, or not at all
   */
  function draw(shown, scale) {
    chart = shown;
    const { coordinate: which, playhead, result, comparison } = store.get();
    const [x, y] = axisNames(comparison);
    [t("chart.coordinate_both", { x, y }), x, y].forEach((text, place) => {
      const option = coordinate.options[place];
      if (option) renew(option, { text });
    });
    drawSlots();
    renew(coordinate, { hidden: !BY_COORDINATE.includes(chart) });
    if (coordinate.value !== which) coordinate.value = which;
    renew(log, { hidden: !scale, "aria-pressed": String(Boolean(scale?.log)), disabled: !scale?.canLog });
    renew(above, { hidden: !scale?.minimum, "aria-pressed": String(Boolean(scale?.offset)) });
    const inside = playhead !== null && playhead > 0 && playhead < (result?.total ?? 0);
    renew(here, { hidden: !scale || !DROPPABLE.includes(chart), disabled: !inside });
    renew(here, { title: t(inside ? "drop.here_title" : "drop.nowhere_title") });
  }

  return { element, draw };
}

/**
 * @param {string} name
 * @param {() => void} act
 */
function chip(name, act) {
  const made = h("button", {
    type: "button",
    class: "chip",
    text: t(`chart.${name}`),
    title: t(`chart.${name}_title`),
    "aria-pressed": "false",
  });
  made.addEventListener("click", act);
  return made;
}

/** @param {HTMLElement} button */
const pressed = (button) => button.getAttribute("aria-pressed") === "true";
