// What an optimizer has beside its numbers: a checkbox for what is on or off, a list for one of a few words.
import { h, renew } from "../base/dom.js";

/** @typedef {Record<string, unknown>} Settings of a run, by field */

/**
 * @param {object} options
 * @param {import("../types").Switch} options.entry
 * @param {unknown} options.value
 * @param {number} options.run
 * @param {(value: boolean | string, event: Event) => void} options.choose
 * @returns {import("./controls").Control}
 */
export function turnable({ entry, value, run, choose }) {
  const id = `${entry.name}-${run}`;
  const known = { name: entry.name, id, "data-run": run, "aria-describedby": `${id}-words` };
  const words = h("p", { class: "complaint", id: `${id}-words`, role: "alert" });
  const label = h("label", { for: id, title: entry.meaning, text: entry.meaning.split(":")[0] ?? "" });
  const field = entry.options.length
    ? h(
        "select",
        known,
        entry.options.map((option) => h("option", { value: option.value, text: option.title })),
      )
    : h("input", { type: "checkbox", ...known });
  const show = (/** @type {unknown} */ shown) => {
    if (field instanceof HTMLInputElement) field.checked = shown === true;
    else field.value = String(shown);
  };
  field.addEventListener("change", (event) =>
    choose(field instanceof HTMLInputElement ? field.checked : field.value, event),
  );
  show(value ?? entry.default);
  return {
    element: h("div", { class: "switch" }, [label, field, words]),
    set: show,
    complain: (message) => {
      renew(words, { text: message });
      renew(field, { "aria-invalid": message ? "true" : false });
    },
  };
}

/**
 * An optimizer's formula as its switches stand.
 * @param {import("../types").Entry} entry
 * @param {Settings} settings
 * @param {boolean} weights whether the iterate is called w
 */
export function written(entry, settings, weights) {
  const others = (entry.switches ?? []).flatMap(({ name, formulas }) =>
    formulas.filter(({ value }) => value === settings[name]),
  );
  const lines = others[0] ?? entry;
  return (weights && lines.mathml_weights) || lines.mathml;
}

/**
 * How the switches of a run stand.
 * @param {import("../types").Entry | undefined} entry
 * @param {Settings} settings
 */
export const settled = (entry, settings) => (entry?.switches ?? []).map(({ name }) => settings[name]);
