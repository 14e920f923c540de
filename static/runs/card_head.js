// The head of a run's card: its colour, name and result, and a menu of what can be done with it.
import { freshColor, looks } from "../base/catalog.js";
import { change } from "../base/change.js";
import { h } from "../base/dom.js";
import { t } from "../base/language.js";
import { LONGEST_LABEL } from "../base/numbers.js";
import { ownButtons } from "./own.js";
import { selectedAfter, toggleSelected } from "../base/selection.js";
import { shifted, toggleHidden } from "../base/visibility.js";

/**
 * @param {import("../types").Store} store
 * @param {number} index
 * @param {HTMLElement} body what the head folds
 * @param {(folded: boolean) => void} folding told when it does
 */
export function createHead(store, index, body, folding) {
  const name = h("input", {
    class: "name",
    type: "text",
    maxlength: LONGEST_LABEL,
    "aria-label": t("runs.label"),
    spellcheck: "false",
    value: looks(store.get().comparison, store.get().theme)[index]?.name ?? "",
  });
  name.addEventListener("change", () =>
    change(store, ({ runs }) => {
      const run = runs[index];
      if (run) name.value.trim() ? (run.label = name.value.trim()) : delete run.label;
    }),
  );
  const result = h("span", { class: "result" });
  const fold = h("button", {
    type: "button",
    class: "fold",
    "aria-expanded": String(!body.hidden),
    "aria-controls": body.id,
    "aria-label": t("runs.fold"),
    onclick: () => {
      body.hidden = !body.hidden;
      fold.setAttribute("aria-expanded", String(!body.hidden));
      folding(body.hidden);
    },
  });
  const dot = h("button", { type: "button", class: "dot", onclick: () => toggleHidden(store, index) });
  const select = (/** @type {Event} */ { target }) => {
    const beside = target === element || target === result;
    if (beside || (target === name && store.get().selected !== index)) toggleSelected(store, index);
  };
  const parts = [dot, name, result, fold, menu(store, index)];
  const element = h("header", { class: "run-head", onclick: select }, parts);
  return { element, result };
}

/**
 * @param {import("../types").Store} store
 * @param {number} index
 */
function menu(store, index) {
  const { comparison, theme } = store.get();
  const alone = comparison.runs.length < 2;
  const item = (/** @type {string} */ text, /** @type {() => void} */ onclick) =>
    h("button", { type: "button", text: t(text), onclick });
  const shown = h("div", { class: "menu-items" }, [
    ...(alone ? [] : [h("button", { type: "button", class: "select", onclick: () => toggleSelected(store, index) })]),
    item("runs.duplicate", () => duplicate(store, index)),
    ...ownButtons(store, index),
    h("label", {}, [h("span", { text: t("runs.colour") }), colourField()]),
    ...(comparison.runs[index]?.color ? [item("runs.own_colour", () => paint(null))] : []),
    ...(alone ? [] : [item("runs.remove", () => remove(store, index))]),
  ]);
  return h("details", { class: "menu", ontoggle: () => shown.scrollIntoView({ block: "nearest" }) }, [
    h("summary", { "aria-label": t("runs.menu") }),
    shown,
  ]);

  function colourField() {
    const value = looks(comparison, theme)[index]?.color.toLowerCase() ?? "";
    const field = h("input", { type: "color", "aria-label": t("runs.colour"), value });
    field.addEventListener("change", () => paint(field.value));
    return field;
  }

  /** @param {string | null} color */
  function paint(color) {
    change(store, ({ runs }) => void (runs[index] && Object.assign(runs[index], { color })));
  }
}

/**
 * @param {import("../types").Store} store
 * @param {number} index
 */
function duplicate(store, index) {
  change(store, (edited) => {
    const copy = structuredClone(edited.runs[index]);
    if (!copy) return;
    edited.runs.splice(index + 1, 0, { ...copy, color: freshColor(edited, copy.optimizer) });
    moved(store, index + 1, 1);
  });
}

/**
 * @param {import("../types").Store} store
 * @param {number} index
 */
function remove(store, index) {
  moved(store, index, -1);
  change(store, ({ runs }) => void runs.splice(index, 1));
}

/**
 * What is hidden and what is selected stays so when runs come and go.
 * @param {import("../types").Store} store
 * @param {number} place
 * @param {1 | -1} more
 */
function moved(store, place, more) {
  const { hidden, selected } = store.get();
  store.update({ hidden: shifted(hidden, place, more), selected: selectedAfter(selected, place, more) });
}
