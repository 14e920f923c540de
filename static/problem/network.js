// The left panel of the networks page: data, network, and how long it trains.
import { createBindings } from "../controls/bindings.js";
import { catalog, find, loadChoices, problemEntry } from "../base/catalog.js";
import { change, settle } from "../base/change.js";
import { number, picker, slider } from "../controls/controls.js";
import { h, replaceKeepingFocus } from "../base/dom.js";
import { t } from "../base/language.js";
import { grouped } from "../base/numbers.js";
import { listField } from "../controls/list_field.js";

/** @type {import("../types").Mount} */
export function mount(element, store) {
  let shape = "";
  const { bind, clear, show: showNumbers, stop: unbind } = createBindings(store);
  /** @type {Record<string, string[]> | null} */
  let choices = null;

  function build() {
    const { comparison } = store.get();
    if (!choices) {
      choices = {};
      loadChoices().then(
        (loaded) => {
          choices = loaded;
          shape = ""; // by now another page may be shown, which has no such panel
          show();
        },
        () => void (choices = null),
      );
    }
    const entry = problemEntry(comparison);
    if (!entry) return;
    clear();
    replaceKeepingFocus(element, [data(comparison), network(comparison, entry), training(comparison)]);
  }

  /** @param {import("../types").Comparison} comparison */
  function data({ problem }) {
    const dataset = find(catalog.datasets, String(problem.dataset ?? "")) ?? catalog.datasets[0];
    const rows = t("data.rows", {
      train: grouped(Number(dataset?.train_rows ?? 0)),
      test: grouped(Number(dataset?.rows ?? 0) - Number(dataset?.train_rows ?? 0)),
    });
    return h("section", { class: "panel" }, [
      h("h2", { text: t("data.title") }),
      picker({
        name: "dataset",
        label: t("data.title"),
        kind: "pick",
        entries: catalog.datasets.map(({ name, title }) => ({ value: name, title })),
        value: dataset?.name ?? "",
        choose: (name) => change(store, (edited) => void (edited.problem.dataset = name)),
      }),
      h("p", { class: "muted", text: rows }),
      ...(dataset?.about ? [h("p", { class: "muted", text: String(dataset.about) })] : []),
    ]);
  }

  /**
   * @param {import("../types").Comparison} comparison
   * @param {import("../types").Entry} entry
   */
  function network({ problem }, entry) {
    const panel = h("section", { class: "panel" }, [h("h2", { text: t("network.title") })]);
    panel.append(hidden(problem));
    for (const [field, values] of Object.entries(choices ?? {})) {
      if (values.length < 2 || field === "dataset") continue;
      panel.append(
        h("div", { class: "plain" }, [
          h("span", { text: t(`network.${field}`) }),
          picker({
            name: field,
            label: t(`network.${field}`),
            entries: values.map((value) => ({ value: String(value), title: t(`choice.${value}`) })),
            value: String(problem[field] ?? values[0]),
            choose: (value) => change(store, (edited) => void (edited.problem[field] = value)),
          }),
        ]),
      );
    }
    for (const parameter of entry.parameters) {
      const control = slider({
        parameter,
        value: Number(problem[parameter.name] ?? parameter.default),
        input: (value, event) => change(store, (edited) => void (edited.problem[parameter.name] = value), event),
        settle: () => settle(store),
        named: true,
      });
      panel.append(bind(["problem", parameter.name], control));
    }
    return panel;
  }

  /** @param {import("../types").Problem} problem */
  function hidden(problem) {
    const field = listField({
      name: "hidden",
      id: "hidden",
      label: t("network.hidden"),
      values: Array.isArray(problem.hidden) ? problem.hidden : [],
      most: catalog.limits.layers.le ?? 0,
      valid: catalog.limits.width,
      choose: (values) => change(store, (edited) => void (edited.problem.hidden = values)),
    });
    return bind(["problem", "hidden"], field);
  }

  /** @param {import("../types").Comparison} comparison */
  function training(comparison) {
    const panel = h("section", { class: "panel" }, [h("h2", { text: t("training.title") })]);
    const batch = number({
      name: "batch_size",
      label: t("network.batch_size"),
      value: Number(comparison.problem.batch_size ?? 0),
      whole: true,
      valid: catalog.limits.batch_size,
      choose: (value) => change(store, (edited) => void (edited.problem.batch_size = value)),
    });
    const fields = /** @type {const} */ (["steps", "seed"]).map((name) => {
      const control = number({
        name,
        label: t(`conditions.${name}`),
        value: comparison[name] ?? catalog.default[name] ?? 0,
        whole: true,
        valid: catalog.limits[name],
        choose: (value) => change(store, (edited) => void (edited[name] = value)),
      });
      return bind([name], control);
    });
    panel.append(
      bind(["problem", "batch_size"], batch),
      h("div", { class: "pair" }, fields),
      h("p", { class: "hint", text: t("training.hint") }),
    );
    return panel;
  }

  function show() {
    const { comparison } = store.get();
    if (comparison.problem.kind !== "network") return;
    const { problem } = comparison;
    const key = JSON.stringify([problem.dataset, problem.hidden, problem.activation, problem.init]);
    if (key !== shape) {
      shape = key;
      build();
      return;
    }
    showNumbers(comparison);
  }

  const stop = store.subscribe(["comparison"], show);
  show();
  return () => {
    stop();
    unbind();
    element.replaceChildren();
  };
}
