// The left panel of the surfaces page: what is minimized, from where, with what noise.
import { catalog, find, problemEntry, suitRates } from "./catalog.js";
import { change, settle } from "./change.js";
import { number, picker, slider } from "./controls.js";
import { formula, h, light } from "./dom.js";
import { t } from "./language.js";

/** @type {import("./types").Mount} */
export function mount(element, store) {
  let shape = "";
  /** @type {Map<string, import("./controls").Control>} location to control */
  const controls = new Map();

  function build() {
    const { comparison } = store.get();
    const { problem } = comparison;
    const entry = problemEntry(comparison);
    controls.clear();
    if (!entry)
      return element.replaceChildren(
        h("p", { class: "complaint", text: t("problem.unknown", { name: problem.name ?? "" }) }),
      );
    const about = h("section", { class: "panel" }, [
      h("h2", { text: t("problem.title") }),
      picker({
        name: "surface",
        label: t("problem.pick"),
        kind: "pick",
        entries: catalog.surfaces.map(({ name, title }) => ({ value: name, title })),
        value: entry.name,
        choose: (name) =>
          change(store, (edited) => {
            edited.problem = { kind: "surface", name };
            delete edited.start;
            for (const run of edited.runs) {
              delete run.problem;
              delete run.start;
            }
            suitRates(edited.runs, find(catalog.surfaces, name));
          }),
      }),
      formula(entry.mathml, true),
    ]);
    for (const parameter of entry.parameters) {
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
      });
      controls.set(`problem.parameters.${parameter.name}`, control);
      about.append(control.element);
    }
    element.replaceChildren(about, conditions(comparison, entry), lesson(entry));
  }

  /**
   * @param {import("./types").Comparison} comparison
   * @param {import("./types").Entry} entry
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
      });
      controls.set(`noise.${parameter.name}`, control);
      panel.append(control.element);
    }
    const start = comparison.start ?? entry.start ?? [0, 0];
    const coordinate = (/** @type {0 | 1} */ axis) =>
      number({
        name: axis ? "start_y" : "start_x",
        label: t(axis ? "conditions.start_y" : "conditions.start_x"),
        value: start[axis],
        choose: (value) =>
          change(store, (edited) => {
            const point = /** @type {[number, number]} */ ([...(edited.start ?? entry.start ?? [0, 0])]);
            point[axis] = value;
            edited.start = point;
          }),
      });
    const [x, y] = [coordinate(0), coordinate(1)];
    controls.set("start.0", x);
    controls.set("start.1", y);
    panel.append(h("div", { class: "pair" }, [x.element, y.element]));
    const [steps, seed] = [whole("steps"), whole("seed")];
    panel.append(h("div", { class: "pair" }, [steps.element, seed.element]));
    return panel;
  }

  /** @param {"steps" | "seed"} name */
  function whole(name) {
    const control = number({
      name,
      label: t(`conditions.${name}`),
      value: store.get().comparison[name] ?? 0,
      whole: true,
      choose: (value) => change(store, (edited) => void (edited[name] = value)),
    });
    controls.set(name, control);
    return control;
  }

  /** @param {import("./types").Entry} entry */
  function lesson(entry) {
    return h("section", { class: "panel lesson" }, [
      h("h2", { text: t("problem.teaches") }),
      h("p", { text: entry.teaches ?? "" }),
      h("p", { class: "hint", text: t("problem.hint") }),
    ]);
  }

  function show() {
    const { comparison } = store.get();
    if (comparison.problem.kind === "network") return;
    const key = JSON.stringify([comparison.problem.name, comparison.noise?.kind]);
    if (key !== shape) {
      shape = key;
      build();
      return;
    }
    const entry = problemEntry(comparison);
    const start = comparison.start ?? entry?.start;
    for (const [location, control] of controls) {
      const value = /** @type {any} */ (
        location.split(".").reduce((/** @type {any} */ part, key) => part?.[key], { ...comparison, start })
      );
      if (typeof value === "number") control.set(value);
    }
  }

  const stops = [
    store.subscribe(["comparison"], show),
    store.subscribe(["errors"], ({ errors }) => {
      for (const [location, control] of controls) {
        control.complain(errors.find(({ loc }) => loc === location || loc.startsWith(`${location}.`))?.msg ?? "");
      }
    }),
  ];
  show();
  return () => {
    for (const stop of stops) stop();
    element.replaceChildren();
  };
}
