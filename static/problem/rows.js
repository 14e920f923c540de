// A loss over rows of data: which rows, how many of them a step looks at, and what that costs.
import { catalog, find, problemEntry } from "../base/catalog.js";
import { change, settle } from "../base/change.js";
import { picker, slider } from "../controls/controls.js";
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { grouped } from "../base/numbers.js";

const DECADES = [10, 100, 1000, 10_000, 100_000, 1_000_000];
const WAYS = ["standardized", "raw"];

/** @typedef {(path: (string | number)[], control: import("../controls/controls").Control) => HTMLElement} Bind */

/**
 * A data problem as it is turned to, with rows of one of its data sets: not more than answer at once.
 * @param {string} name
 * @param {string} [dataset]
 * @returns {import("../types").Problem}
 */
export function freshRows(name, dataset) {
  const entry = find(catalog.data, name);
  const source = entry?.sources?.find((one) => one.name === dataset) ?? entry?.sources?.[0];
  const rows = Math.min(source?.rows ?? 1, Number(catalog.default_data.problem.rows));
  return {
    kind: "data",
    name,
    dataset: source?.name,
    preprocess: WAYS[0],
    rows,
    batch_size: Math.min(64, rows),
  };
}

/**
 * Let a run's own batch be one of other rows: all of them where it was all, else not more than there are.
 * @param {import("../types").Run} run changed in place
 * @param {unknown} before how many rows there were
 * @param {import("../types").Problem} problem the one with other rows
 */
export function fitBatch(run, before, { rows }) {
  const size = run.problem?.batch_size;
  if (size !== undefined) run.problem = { batch_size: size === before ? Number(rows) : Math.min(size, Number(rows)) };
}

/**
 * What the controls are built for.
 * @param {import("../types").Problem} problem
 */
export const rowsShape = ({ kind, dataset, preprocess, rows }) =>
  kind === "data" ? [dataset, preprocess, rows] : null;

/**
 * The slider of a batch size goes as far as there are rows.
 * @param {import("../types").Comparison} comparison
 * @returns {import("../types").Parameter | undefined}
 */
function batchParameter(comparison) {
  const parameter = problemEntry(comparison)?.parameters.find(({ name }) => name === "batch_size");
  const most = Number(comparison.problem.rows ?? 1);
  return parameter && { ...parameter, max: Math.max(2, most), valid: { ge: 1, le: most } };
}

/**
 * @param {import("../types").Store} store
 * @param {Bind} bind
 * @param {(edit: (problem: import("../types").Problem) => void) => void} turn changes the problem, and what suits it
 * @param {(lit: boolean) => void} touch a hand is on the batch size
 */
export function rowsControls(store, bind, turn, touch) {
  const { comparison } = store.get();
  const { problem } = comparison;
  const entry = problemEntry(comparison);
  const source = entry?.sources?.find(({ name }) => name === problem.dataset);
  const parameter = batchParameter(comparison);
  const row = (/** @type {string} */ name, /** @type {{value: string, title: string}[]} */ entries) =>
    // Titles of data sets are long: theirs stands above, the list below it is as wide as the panel.
    h("div", { class: name === "dataset" ? "stack" : "plain" }, [
      h("span", { class: name === "dataset" ? "control-name" : "", text: t(`rows.${name}`) }),
      picker({
        name,
        label: t(`rows.${name}`),
        entries,
        value: String(problem[name]),
        choose: (value) =>
          turn((edited) => {
            if (name === "dataset")
              Object.assign(edited, { ...freshRows(String(edited.name), value), preprocess: edited.preprocess });
            else if (name === "rows") edited.rows = Number(value);
            else edited[name] = value;
            edited.batch_size = Math.min(Number(edited.batch_size), Number(edited.rows));
          }),
      }),
    ]);
  const counts = [...new Set([...(source?.generated ? DECADES : [source?.rows ?? 1]), Number(problem.rows)])];
  /** @type {HTMLElement[]} */
  const controls = [
    row(
      "dataset",
      (entry?.sources ?? []).map(({ name, title }) => ({ value: name, title })),
    ),
    row(
      "rows",
      counts.sort((one, other) => one - other).map((count) => ({ value: String(count), title: grouped(count) })),
    ),
    row(
      "preprocess",
      WAYS.map((way) => ({ value: way, title: t(`rows.${way}`) })),
    ),
  ];
  if (parameter)
    controls.push(
      bind(
        ["problem", "batch_size"],
        slider({
          parameter,
          value: Number(problem.batch_size),
          input: (value, event) => change(store, (edited) => void (edited.problem.batch_size = value), event),
          settle: () => settle(store),
          touch,
          named: true,
        }),
      ),
    );
  const cost = h("p", { class: "hint", "data-part": "cost" });
  const show = () => renew(cost, { text: costOf(store.get().comparison) });
  show();
  return { elements: [...controls, cost], show };
}

/**
 * What the steps of a run cost: rows touched, and passes over all of them.
 * @param {import("../types").Comparison} comparison
 */
function costOf({ problem, steps }) {
  const [size, taken] = [Number(problem.batch_size), Number(steps ?? catalog.default.steps)];
  const passes = (size * taken) / Number(problem.rows);
  return t("rows.cost", {
    steps: grouped(taken),
    size: grouped(size),
    touched: grouped(size * taken),
    passes: passes < 10 ? String(Number(passes.toPrecision(2))) : grouped(Math.round(passes)),
  });
}

/**
 * How many rows the map is the mean of.
 * @param {import("../types").State} state
 * @returns {{ about: string, text: string } | null} null where there are none
 */
export function rowsWords({ heights, comparison }) {
  if (comparison.problem.kind !== "data" || !heights?.count || heights.rows === undefined) return null;
  const [rows, count] = [grouped(heights.rows), grouped(heights.count)];
  if (heights.rows >= heights.count) return { about: "all_rows", text: t("map.all_rows", { count }) };
  const percent = Math.floor((100 * heights.rows) / heights.count);
  return { about: "sample", text: t("map.sample", { rows, percent }) };
}

/**
 * A button that gives a run a batch size of its own; none where it has one, or there are no batches.
 * @param {import("../types").Store} store
 * @param {number} index
 */
export function ownBatchButtons(store, index) {
  const { comparison } = store.get();
  if (comparison.problem.kind !== "data" || comparison.runs[index]?.problem?.batch_size !== undefined) return [];
  const first = Number(comparison.problem.batch_size) > 1 ? 1 : Number(comparison.problem.rows);
  return [
    h("button", {
      type: "button",
      text: t("own.add_batch"),
      onclick: () =>
        change(store, ({ runs }) => {
          const run = runs[index];
          if (run) run.problem = { ...run.problem, batch_size: first };
        }),
    }),
  ];
}

/**
 * The row and the slider of a run's own batch size.
 * @param {import("../types").Store} store
 * @param {number} index
 * @param {Bind} bind
 * @param {(parts: HTMLElement[], drop: (run: import("../types").Run) => void) => HTMLElement} row
 */
export function ownBatchRows(store, index, bind, row) {
  const { comparison } = store.get();
  const value = comparison.runs[index]?.problem?.batch_size;
  const parameter = batchParameter(comparison);
  if (comparison.problem.kind !== "data" || value === undefined || !parameter) return [];
  const control = slider({
    parameter,
    run: index,
    value,
    input: (chosen, event) =>
      change(store, ({ runs }) => void (runs[index]?.problem && (runs[index].problem.batch_size = chosen)), event),
    settle: () => settle(store),
  });
  return [
    row([], (run) => void delete run.problem?.batch_size),
    bind(["runs", index, "problem", "batch_size"], control),
  ];
}
