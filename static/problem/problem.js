// The left panel of surfaces and of losses over rows: what is minimized, from where, with what noise.
import { createBindings } from "../controls/bindings.js";
import { axisNames, catalog, find, pageOf, problemEntry, problemOf, suitRates } from "../base/catalog.js";
import { change, settle } from "../base/change.js";
import { number, picker, slider } from "../controls/controls.js";
import { createFormulaField } from "./formula_field.js";
import { describe, turnToFormula } from "./formulas.js";
import { formula, h, light, replaceKeepingFocus } from "../base/dom.js";
import { t } from "../base/language.js";
import { fitBatch, freshRows, rowsControls, rowsShape } from "./rows.js";
import { seedsRow, seedsShape } from "./seeds.js";

const OWN = "formula";

/** @type {import("../types").Mount} */
export function mount(element, store) {
  let shape = "";
  /** @type {Map<string, import("../types").Comparison>} surface to how it was left */
  const left = new Map();
  /** @type {ReturnType<typeof createFormulaField> | null} where the problem is a formula */
  let typed = null;
  /** @type {ReturnType<typeof rowsControls> | null} where the problem is a loss over rows */
  let rows = null;
  const { bind, clear, show: showNumbers, stop: unbind } = createBindings(store);

  function build() {
    const { comparison } = store.get();
    const { problem } = comparison;
    const entry = problemEntry(comparison);
    const rowed = pageOf(comparison) === "data";
    const named = (/** @type {import("../types").Entry[]} */ entries) =>
      entries.map(({ name, title }) => ({ value: name, title }));
    clear();
    if (!entry)
      return element.replaceChildren(
        h("p", { class: "complaint", text: t("problem.unknown", { name: problem.name ?? "" }) }),
      );
    const about = h("section", { class: "panel" }, [
      h("h2", { text: t("problem.title") }),
      picker({
        name: "surface",
        label: t(rowed ? "rows.loss" : "problem.pick"),
        kind: "pick",
        entries: rowed ? named(catalog.data) : [{ value: OWN, title: t("formula.own") }, ...named(catalog.surfaces)],
        value: entry.name,
        choose: (name) => (name === OWN ? turnToOwn() : change(store, (edited) => void turnTo(edited, name))),
      }),
    ]);
    typed = problem.kind === OWN ? createFormulaField(store, bind) : null;
    about.append(typed?.element ?? formula(entry.mathml, true));
    typed?.show(entry);
    rows = rowed ? rowsControls(store, bind, turnRows, (lit) => light(about, "batch_size", lit)) : null;
    about.append(...(rows?.elements ?? []));
    for (const parameter of rows ? [] : entry.parameters) {
      const control = slider({
        parameter,
        value: problem.parameters?.[parameter.name] ?? parameter.default,
        input: (value, event) =>
          change(
            store,
            (edited) => void (edited.problem.parameters = { ...edited.problem.parameters, [parameter.name]: value }),
            event,
          ),
        settle: () => settle(store),
        touch: (lit) => light(about, parameter.name, lit),
        named: true,
      });
      about.append(bind(["problem", "parameters", parameter.name], control));
    }
    replaceKeepingFocus(element, [about, conditions(comparison, entry), lesson(entry)]);
  }

  /** Turn to the formula that was typed last, or to one to begin with. */
  async function turnToOwn() {
    const before = left.get(OWN)?.problem;
    const problem = before ?? { kind: OWN, expression: catalog.formula.examples[0] };
    const now = problemOf(store.get().comparison);
    try {
      await describe(problem);
    } catch {
      return build(); // the list shows again what is there; the banner says that no server answers
    }
    // Whoever chose something else meanwhile wants that.
    if (problemOf(store.get().comparison) !== now) return;
    change(store, (edited) => {
      turnTo(edited, OWN);
      if (!before) turnToFormula(edited, problem);
    });
  }

  /**
   * Turn to other rows: start and learning rates are those that suit them, where others were not chosen.
   * @param {(problem: import("../types").Problem) => void} edit
   */
  function turnRows(edit) {
    change(store, (edited) => {
      const before = problemEntry(edited);
      const all = edited.problem.rows;
      edit(edited.problem);
      const after = problemEntry(edited);
      if (JSON.stringify(before?.domain) !== JSON.stringify(after?.domain)) edited.start = null;
      suitRates(edited.runs, after, before, true);
      for (const run of edited.runs) fitBatch(run, all, edited.problem);
    });
  }

  /**
   * Turn to another surface: as it was left by the same optimizers, or with what suits it.
   * @param {import("../types").Comparison} edited
   * @param {string} name
   */
  function turnTo(edited, name) {
    const before = structuredClone(left.get(name));
    const from = problemEntry(edited);
    const rowed = find(catalog.data, name) ? freshRows(name) : null;
    const all = edited.problem.rows;
    edited.problem = before?.problem ?? rowed ?? { kind: "surface", name };
    edited.start = before?.start ?? null;
    for (const run of edited.runs) {
      if (rowed) fitBatch(run, all, edited.problem);
      else delete run.problem;
      delete run.start;
      delete run.fork; // at a step, and to numbers, of the other surface
    }
    suitRates(edited.runs, problemEntry(edited), from);
    const kinds = (/** @type {import("../types").Run[]} */ runs) => runs.map(({ optimizer }) => optimizer).join();
    if (before && kinds(before.runs) === kinds(edited.runs))
      before.runs.forEach(({ lr, start, problem, fork }, place) =>
        Object.assign(edited.runs[place] ?? {}, { lr, start, problem, fork }),
      );
  }

  /**
   * @param {import("../types").Comparison} comparison
   * @param {import("../types").Entry} entry
   */
  function conditions(comparison, entry) {
    const panel = h("section", { class: "panel" }, [h("h2", { text: t("conditions.title") })]);
    const noise = find(catalog.noises, comparison.noise?.kind) ?? catalog.noises[0];
    panel.append(
      h("div", { class: "plain" }, [
        h("span", { text: t("conditions.noise") }),
        picker({
          name: "noise",
          label: t("conditions.noise"),
          entries: catalog.noises.map(({ name, title }) => ({ value: name, title })),
          value: noise?.name ?? "",
          choose: (kind) => change(store, (edited) => void (edited.noise = { kind })),
        }),
      ]),
    );
    for (const parameter of noise?.parameters ?? []) {
      const control = slider({
        parameter,
        value: Number(comparison.noise?.[parameter.name] ?? parameter.default),
        input: (value, event) =>
          change(
            store,
            (edited) => void (edited.noise = { kind: noise?.name ?? "", ...edited.noise, [parameter.name]: value }),
            event,
          ),
        settle: () => settle(store),
        named: true,
      });
      panel.append(bind(["noise", parameter.name], control));
    }
    panel.append(seedsRow(store));
    const start = comparison.start ?? entry.start ?? [0, 0];
    const coordinate = (/** @type {0 | 1} */ axis) =>
      number({
        name: axis ? "start_y" : "start_x",
        label: t("conditions.start", { axis: axisNames(comparison)[axis] }),
        value: start[axis],
        valid: catalog.limits.start,
        choose: (value) =>
          change(store, (edited) => {
            const point = /** @type {[number, number]} */ ([...(edited.start ?? entry.start ?? [0, 0])]);
            point[axis] = value;
            edited.start = point;
          }),
      });
    const [x, y] = [bind(["start", 0], coordinate(0)), bind(["start", 1], coordinate(1))];
    panel.append(h("div", { class: "pair" }, [x, y]));
    panel.append(h("div", { class: "pair" }, [whole("steps"), whole("seed")]));
    return panel;
  }

  /** @param {"steps" | "seed"} name */
  function whole(name) {
    const control = number({
      name,
      label: t(`conditions.${name}`),
      value: store.get().comparison[name] ?? catalog.default[name] ?? 0,
      whole: true,
      valid: catalog.limits[name],
      choose: (value) => change(store, (edited) => void (edited[name] = value)),
    });
    return bind([name], control);
  }

  /** @param {import("../types").Entry} entry */
  function lesson(entry) {
    return h("section", { class: "panel lesson" }, [
      h("h2", { text: t("problem.teaches") }),
      h("p", { text: entry.teaches ?? t("formula.teaches") }),
      h("p", { class: "hint", text: t("problem.hint") }),
    ]);
  }

  function show() {
    const { comparison } = store.get();
    if (comparison.problem.kind === "network") return;
    left.set(comparison.problem.name ?? comparison.problem.kind, comparison);
    const key = JSON.stringify([
      comparison.problem.kind,
      comparison.problem.name,
      rowsShape(comparison.problem),
      comparison.noise?.kind,
      seedsShape(comparison),
    ]);
    if (key !== shape) {
      shape = key;
      build();
      return;
    }
    const entry = problemEntry(comparison);
    typed?.show(entry);
    rows?.show();
    const problem = { domain: entry?.domain, ...comparison.problem };
    showNumbers({ ...comparison, problem, start: comparison.start ?? entry?.start });
  }

  const stop = store.subscribe(["comparison", "formula"], show);
  show();
  return () => {
    stop();
    unbind();
    element.replaceChildren();
  };
}
