// What a run has of its own, where the others share one: gradient noise, a start, a seed.
import { axisNames, catalog, find, problemEntry } from "../base/catalog.js";
import { change, settle } from "../base/change.js";
import { number, picker, slider } from "../controls/controls.js";
import { h } from "../base/dom.js";
import { t } from "../base/language.js";
import { ownBatchButtons, ownBatchRows } from "../problem/rows.js";

const KINDS = /** @type {const} */ (["noise", "start", "seed"]);

/** @typedef {(path: (string | number)[], control: import("../controls/controls").Control) => HTMLElement} Bind */

/**
 * What of its own a run has, as part of what a card is built for.
 * @param {import("../types").Run} run
 */
export const ownShape = ({ noise, start, seed, problem }) => [
  noise?.kind ?? null,
  start != null,
  seed != null,
  problem?.batch_size !== undefined,
];

/**
 * Buttons that give a run what it does not have of its own yet.
 * @param {import("../types").Store} store
 * @param {number} index
 */
export function ownButtons(store, index) {
  const { comparison } = store.get();
  const network = comparison.problem.kind === "network";
  const buttons = KINDS.filter((kind) => comparison.runs[index]?.[kind] == null && !(network && kind !== "seed")).map(
    (kind) =>
      h("button", {
        type: "button",
        text: t(`own.add_${kind}`),
        onclick: () =>
          change(store, (edited) => {
            const run = edited.runs[index];
            if (run) Object.assign(run, { [kind]: first(kind, edited) });
          }),
      }),
  );
  return [...buttons, ...ownBatchButtons(store, index)];
}

/**
 * What a run's own is in the beginning: the start that all share, but noise and seed that differ from theirs.
 * @param {(typeof KINDS)[number]} kind
 * @param {import("../types").Comparison} comparison
 */
function first(kind, comparison) {
  if (kind === "start") return comparison.start ?? problemEntry(comparison)?.start ?? [0, 0];
  if (kind === "seed") return (comparison.seed ?? 0) + 1;
  return (comparison.noise?.kind ?? "none") === "none" ? { kind: "gaussian" } : { kind: "none" };
}

/**
 * Rows of a card for what its run has of its own.
 * @param {import("../types").Store} store
 * @param {number} index
 * @param {Bind} bind
 * @returns {HTMLElement[]}
 */
export function ownRows(store, index, bind) {
  const run = store.get().comparison.runs[index];
  if (!run) return [];
  /** @type {(edit: (run: import("../types").Run) => void, event?: Event) => void} */
  const edit = (act, event) => change(store, ({ runs }) => void (runs[index] && act(runs[index])), event);
  /** @type {(kind: string, parts: HTMLElement[], drop?: (run: import("../types").Run) => void) => HTMLElement} */
  const row = (kind, parts, drop = (one) => void delete one[kind]) =>
    h("div", { class: "own-row" }, [
      h("span", { text: t(`own.${kind}`) }),
      ...parts,
      h("button", {
        type: "button",
        class: "icon quiet",
        text: "×",
        "aria-label": t(`own.drop_${kind}`),
        title: t(`own.drop_${kind}`),
        onclick: () => edit(drop),
      }),
    ]);
  const rows = [];
  if (run.noise)
    rows.push(row("noise", [noisePicker(run.noise.kind, index, edit)]), ...noiseSliders(store, run, index, bind, edit));
  if (run.start)
    rows.push(
      row(
        "start",
        axisNames(store.get().comparison).map((name, axis) => coordinate(run, index, axis, name, bind, edit)),
      ),
    );
  if (run.seed != null)
    rows.push(
      row("seed", [
        bind(
          ["runs", index, "seed"],
          number({
            name: "seed",
            run: index,
            label: t("own.seed_label"),
            bare: true,
            whole: true,
            value: run.seed,
            valid: catalog.limits.seed,
            choose: (value) => edit((one) => void (one.seed = value)),
          }),
        ),
      ]),
    );
  return [...rows, ...ownBatchRows(store, index, bind, (parts, drop) => row("batch", parts, drop))];
}

/** @typedef {(act: (run: import("../types").Run) => void, event?: Event) => void} Edit */

/**
 * @param {string} kind
 * @param {number} index
 * @param {Edit} edit
 */
function noisePicker(kind, index, edit) {
  const list = picker({
    name: "noise",
    label: t("own.noise_label"),
    entries: catalog.noises.map(({ name, title }) => ({ value: name, title })),
    value: kind,
    choose: (chosen) => edit((one) => void (one.noise = { kind: chosen })),
  });
  list.dataset.run = String(index);
  return list;
}

/**
 * @param {import("../types").Store} store
 * @param {import("../types").Run} run
 * @param {number} index
 * @param {Bind} bind
 * @param {Edit} edit
 */
const noiseSliders = (store, { noise }, index, bind, edit) =>
  (find(catalog.noises, noise?.kind)?.parameters ?? []).map((parameter) =>
    bind(
      ["runs", index, "noise", parameter.name],
      slider({
        parameter,
        run: index,
        value: Number(noise?.[parameter.name] ?? parameter.default),
        input: (value, event) => edit((one) => void (one.noise && (one.noise[parameter.name] = value)), event),
        settle: () => settle(store),
      }),
    ),
  );

/**
 * @param {import("../types").Run} run
 * @param {number} index
 * @param {number} axis
 * @param {string} called
 * @param {Bind} bind
 * @param {Edit} edit
 */
function coordinate(run, index, axis, called, bind, edit) {
  const control = number({
    name: axis ? "start_y" : "start_x",
    run: index,
    label: t("conditions.start", { axis: called }),
    bare: true,
    value: run.start?.[axis] ?? 0,
    valid: catalog.limits.start,
    choose: (value) => edit((one) => void (one.start && (one.start[axis] = value))),
  });
  return bind(["runs", index, "start", axis], control);
}
