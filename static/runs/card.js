// The body of a run's card: its rule, its sliders and switches, its schedule, and what it has of its own.
import { catalog, find, hasWeights } from "../base/catalog.js";
import { change, settle } from "../base/change.js";
import { picker, slider } from "../controls/controls.js";
import { formula, h, light } from "../base/dom.js";
import { forkRow, turn, turned } from "./fork.js";
import { t } from "../base/language.js";
import { listField } from "../controls/list_field.js";
import { ownRows } from "./own.js";
import { turnable, written } from "../controls/switches.js";

/**
 * @typedef {object} Body
 * @property {HTMLElement} element
 * @property {() => void} show say what a fork has turned
 */

/**
 * @param {import("../types").Store} store
 * @param {number} index
 * @param {import("./own").Bind} bind
 * @param {string[] | undefined} only the parameters whose sliders are shown, without anything else: for embeds
 * @returns {Body}
 */
export function createBody(store, index, bind, only) {
  const { comparison } = store.get();
  const run = comparison.runs[index];
  const entry = find(catalog.optimizers, run?.optimizer);
  const element = h("div", { class: "run-body", id: `run-${index}` });
  if (!run || !entry) return { element, show() {} };
  const row = forkRow(store, index, entry.parameters);
  const offered = (/** @type {{ name: string }} */ { name }) => !only || only.includes(name);
  if (only) element.append(h("h2", {}, [h("span", { class: "dot" }), h("span", { class: "name-text" })]));
  else {
    const numbers = h("div", { class: "dissection", "data-dissection": index, hidden: true });
    element.append(formula(written(entry, run, hasWeights(comparison)), true), numbers);
  }
  for (const parameter of entry.parameters.filter(offered))
    element.append(control(parameter, [parameter.name], turned(run)[parameter.name]));
  for (const one of (entry.switches ?? []).filter(offered)) element.append(switching(one, run[one.name]));
  // Below the sliders: it comes while one of them is in a hand.
  if (!only) element.append(row.element, ...scheduleControls(run), ...ownRows(store, index, bind));
  return { element, show: row.show };

  /**
   * @param {import("../types").Parameter} parameter
   * @param {string[]} path within the run
   * @param {unknown} value
   */
  function control(parameter, path, value) {
    const built = slider({
      parameter,
      value: typeof value === "number" ? value : parameter.default,
      run: index,
      input: (chosen, event) => edit((one) => set(one, path, chosen), event),
      settle: () => settle(store),
      touch: (lit) => light(element, parameter.name, lit),
    });
    return bind(["runs", index, ...path], built);
  }

  /**
   * @param {(run: import("../types").Run) => void} act
   * @param {Event} [event]
   */
  function edit(act, event) {
    change(store, ({ runs }) => void (runs[index] && act(runs[index])), event);
  }

  /**
   * Set a number of the run; one of its optimizer may fork it.
   * @param {import("../types").Run} edited
   * @param {string[]} path
   * @param {number} value
   */
  function set(edited, path, value) {
    const [name = "", ...deeper] = path;
    if (deeper.length) put(edited, path, value);
    else turn(store.get(), edited, name, value);
  }

  /**
   * @param {import("../types").Switch} one
   * @param {unknown} value
   */
  function switching(one, value) {
    const choose = (/** @type {boolean | string} */ chosen) => edit((edited) => put(edited, [one.name], chosen));
    return bind(["runs", index, one.name], turnable({ entry: one, value, run: index, choose }));
  }

  /** @param {import("../types").Run} run */
  function scheduleControls({ schedule }) {
    const kind = schedule?.kind ?? catalog.schedules[0]?.name ?? "";
    const found = find(catalog.schedules, kind);
    const list = picker({
      name: "schedule",
      label: t("runs.schedule"),
      kind: "schedule",
      entries: catalog.schedules.map(({ name, title }) => ({ value: name, title })),
      value: kind,
      choose: (chosen) => edit((edited) => void (edited.schedule = { kind: chosen })),
    });
    const head = h("div", { class: "schedule-row" }, [h("span", { text: t("runs.schedule") }), list]);
    const sliders = (found?.parameters ?? []).map((parameter) =>
      control(parameter, ["schedule", parameter.name], schedule?.[parameter.name]),
    );
    const lists = (found?.lists ?? []).map((one) => {
      const values = schedule?.[one.name];
      const field = listField({
        name: one.name,
        id: `${one.name}-${index}`,
        label: one.meaning.split(":")[0] ?? "",
        values: Array.isArray(values) ? values : one.default,
        most: one.most,
        valid: one.valid,
        choose: (chosen) => edit((edited) => put(edited, ["schedule", one.name], chosen)),
      });
      return bind(["runs", index, "schedule", one.name], field);
    });
    const told = found && found.name !== catalog.schedules[0]?.name ? [formula(found.mathml)] : [];
    return [head, ...told, ...sliders, ...lists];
  }
}

/**
 * @param {any} target
 * @param {string[]} path
 * @param {number | number[] | boolean | string} value
 */
function put(target, path, value) {
  for (const key of path.slice(0, -1)) target = target[key];
  const last = path[path.length - 1];
  if (last !== undefined) target[last] = value;
}
