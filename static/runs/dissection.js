// In a run's card: its rule with the numbers of the step at the playhead, and these in a table.
import { stepsAt } from "./anatomy.js";
import { axisNames, catalog, find, hasWeights } from "../base/catalog.js";
import { formula, h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { fourDigits } from "../base/numbers.js";
import { numberOf } from "../charts/slots.js";
import { substitute } from "./substitute.js";
import { written } from "../controls/switches.js";

const BESIDE = matchMedia("(min-width: 1101px)"); // cards scroll beside the map, not below it

/**
 * @param {HTMLElement} element holds the cards, each with a place `[data-dissection]`
 * @param {import("../types").Store} store
 */
export function createDissection(element, store) {
  function draw() {
    const state = store.get();
    const steps = stepsAt(state);
    for (const place of element.querySelectorAll("[data-dissection]")) {
      if (!(place instanceof HTMLElement)) continue;
      const folded = place.parentElement?.hidden;
      const step = folded ? undefined : steps.find(({ run }) => String(run) === place.dataset.dissection);
      const began = place.hidden && step !== undefined;
      renew(place, { hidden: !step });
      if (step) tell(place, step);
      else if (place.firstChild) place.replaceChildren();
      if (began && BESIDE.matches) place.scrollIntoView({ block: "nearest" });
    }
  }

  /**
   * @param {HTMLElement} place
   * @param {import("./anatomy").Step} step
   */
  function tell(place, step) {
    const { comparison, coordinate } = store.get();
    const names = axisNames(comparison);
    const run = comparison.runs[step.run];
    const entry = find(catalog.optimizers, run?.optimizer);
    if (!run || !entry) return;
    const at = coordinate === "y" ? 1 : 0;
    const lines = substitute(written(entry, run, hasWeights(comparison)), factsOf(run, step, at));
    const focused = document.activeElement instanceof HTMLElement && place.contains(document.activeElement);
    const turn = names.map((name, which) =>
      h("button", {
        type: "button",
        class: "chip",
        text: name,
        "aria-pressed": String(which === at),
        onclick: () => store.update({ coordinate: which ? "y" : "x" }),
      }),
    );
    const head = h("div", { class: "dissection-head" }, [
      h("span", { text: t("anatomy.step", { step: step.at, next: step.at + 1 }) }),
      h("span", { class: "chips", role: "group", "aria-label": t("chart.coordinate") }, turn),
    ]);
    place.replaceChildren(
      head,
      formula(lines, true),
      table(step, names, hasWeights(comparison) ? "Δw" : "Δx"),
      h("p", { class: "hint", text: t("anatomy.hint") }),
    );
    if (focused) turn[at]?.focus();
  }

  const stops = [store.subscribe(["anatomy", "playhead", "result", "selected", "hidden", "coordinate"], draw)];
  return {
    draw,
    stop() {
      for (const stop of stops) stop();
    },
  };
}

/**
 * @param {import("../types").Run} run
 * @param {import("./anatomy").Step} step
 * @param {0 | 1} at the coordinate
 * @returns {import("./substitute").Facts}
 */
function factsOf(run, step, at) {
  return {
    parameter(name) {
      return name === "lr" ? step.lr : numberOf(run, name, step.at);
    },
    value(name, assigned) {
      if (name === "gradient") return step.gradient[at];
      if (name === "iterate") return (assigned ? step.to : step.from)[at];
      if (name === "t") return step.at + 1;
      const [slot, form] = name.split(":");
      const known = step.slots.find((one) => one.slot.name === slot);
      if (!known) return null;
      if (form === "corrected") return (known.corrected ?? known.after)[at];
      return (assigned || form === "after" ? known.after : known.before)[at];
    },
  };
}

/**
 * @param {import("./anatomy").Step} step
 * @param {string[]} names of the coordinates
 * @param {string} moved what a step is called
 */
function table({ from, to, gradient, slots }, names, moved) {
  /** @type {[string, string, import("./anatomy").Pair][]} */
  const rows = [[t("anatomy.gradient"), symbol("g"), gradient]];
  for (const { slot, after, corrected } of slots) {
    rows.push([slot.meaning, slot.mathml, after]);
    if (corrected) rows.push([t("chart.slot_corrected", { meaning: slot.meaning }), slot.correctedMathml, corrected]);
  }
  rows.push([t("anatomy.moved"), symbol(moved), [to[0] - from[0], to[1] - from[1]]]);
  const head = ["", ...names].map((text) => (text ? h("th", { scope: "col", text }) : h("td")));
  const body = rows.map(([title, mathml, values]) => {
    const name = h("th", { scope: "row", title }, [h("span", { class: "unseen", text: title }), formula([mathml])]);
    return h("tr", {}, [name, ...values.map((value) => h("td", { text: fourDigits(value) }))]);
  });
  return h("table", {}, [h("thead", {}, [h("tr", {}, head)]), h("tbody", {}, body)]);
}

/** @param {string} text */
const symbol = (text) => `<math><mrow><mi>${text}</mi></mrow></math>`;
