// The right panel: a card a run, its update rule above the sliders that move it.
import { createBindings } from "./bindings.js";
import { catalog, find, freshColor, looks, problemEntry, suitRates } from "./catalog.js";
import { change, settle } from "./change.js";
import { picker, slider } from "./controls.js";
import { createDissection } from "./dissection.js";
import { formula, h, light, renew, replaceKeepingFocus } from "./dom.js";
import { forkRow, forkStep, turn, turned } from "./fork.js";
import { t } from "./language.js";
import { listField } from "./list_field.js";
import { ownButtons, ownRows, ownShape } from "./own.js";
import { LONGEST_LABEL, lastUntil, short } from "./numbers.js";
import { selectedAfter, selectedRun, toggleSelected } from "./selection.js";
import { settled, turnable, written } from "./switches.js";
import { shifted, toggleHidden } from "./visibility.js";

/**
 * @type {import("./types").Mount<{only?: string[]} | undefined>}
 * `only` names the parameters whose sliders are shown, without anything else: for embeds.
 */
export function mount(element, store, options) {
  const only = options?.only;
  let shape = "";
  const { bind, clear, show: showNumbers, stop: unbind } = createBindings(store);
  const dissection = createDissection(element, store);
  /** @type {HTMLElement[]} */
  let results = [];
  /** @type {{ show: () => void }[]} */
  let forkRows = [];
  /** @type {HTMLElement[]} */
  let cards = [];
  const forkWords = h("p", { class: "fork-words", role: "status", hidden: true });
  /** @type {Set<number>} */
  let folded = new Set();

  function build() {
    const { comparison } = store.get();
    clear();
    results = [];
    forkRows = [];
    cards = comparison.runs.map(card);
    const head = h("header", { class: "runs-head" }, [h("h2", { text: t("runs.title") }), adder(), forkWords]);
    replaceKeepingFocus(element, [...(only ? [] : [head]), ...cards]);
    paint();
  }

  /** What sliders do while they fork runs. */
  function sayFork() {
    const at = forkStep(store.get());
    renew(forkWords, { text: at === null ? "" : t("fork.hint", { step: at }), hidden: at === null });
  }

  function adder() {
    const list = picker({
      name: "add",
      label: t("runs.add"),
      kind: "adder",
      entries: [
        { value: "", title: t("runs.add") },
        ...catalog.optimizers
          .filter(({ plane_only }) => !plane_only || store.get().comparison.problem.kind !== "network")
          .map(({ name, title }) => ({ value: name, title })),
      ],
      value: "",
      choose: (optimizer) => {
        if (!optimizer) return;
        change(store, (edited) => {
          const run = { optimizer, color: freshColor(edited, optimizer) };
          suitRates([run], problemEntry(edited));
          edited.runs.push(run);
        });
        cards[cards.length - 1]?.scrollIntoView({ block: "nearest" });
      },
    });
    return list;
  }

  /**
   * @param {import("./types").Run} run
   * @param {number} index
   */
  function card(run, index) {
    const entry = find(catalog.optimizers, run.optimizer);
    const body = h("div", { class: "run-body", id: `run-${index}` });
    const made = h("article", { class: "run", "data-run": index }, only ? [body] : [heading(run, index), body]);
    if (!entry) return made;
    if (only) body.append(h("h3", {}, [h("span", { class: "dot" }), h("span", { class: "name-text" })]));
    if (!only) {
      const row = forkRow(store, index, entry.parameters);
      forkRows.push(row);
      const numbers = h("div", { class: "dissection", "data-dissection": index, hidden: true });
      body.append(formula(written(entry, run), true), numbers, row.element);
    }
    for (const parameter of entry.parameters) {
      if (only && !only.includes(parameter.name)) continue;
      body.append(control(made, index, parameter, ["runs", index, parameter.name], turned(run)[parameter.name]));
    }
    for (const one of entry.switches ?? []) {
      if (!only || only.includes(one.name)) body.append(switching(index, one, run[one.name]));
    }
    if (only && body.childElementCount < 2) made.hidden = true;
    if (!only) body.append(...scheduleControls(made, run, index), ...ownRows(store, index, bind));
    body.hidden = folded.has(index);
    return made;
  }

  /**
   * @param {HTMLElement} made
   * @param {number} index
   * @param {import("./types").Parameter} parameter
   * @param {(string | number)[]} path
   * @param {unknown} value
   */
  function control(made, index, parameter, path, value) {
    const built = slider({
      parameter,
      value: typeof value === "number" ? value : parameter.default,
      run: index,
      input: (chosen, event) => change(store, (edited) => set(edited, path, chosen), event),
      settle: () => settle(store),
      touch: (lit) => light(made, parameter.name, lit),
    });
    return bind(path, built);
  }

  /**
   * Set a number of a run; one of its optimizer may fork it.
   * @param {import("./types").Comparison} edited
   * @param {(string | number)[]} path
   * @param {number} value
   */
  function set(edited, path, value) {
    const [, index, name, ...deeper] = path;
    const run = edited.runs[Number(index)];
    if (run && !deeper.length) turn(store.get(), run, String(name), value);
    else put(edited, path, value);
  }

  /**
   * @param {number} index
   * @param {import("./types").Switch} entry
   * @param {unknown} value
   */
  function switching(index, entry, value) {
    const path = ["runs", index, entry.name];
    const choose = (/** @type {boolean | string} */ chosen) => change(store, (edited) => put(edited, path, chosen));
    return bind(path, turnable({ entry, value, run: index, choose }));
  }

  /**
   * @param {HTMLElement} made
   * @param {import("./types").Run} run
   * @param {number} index
   */
  function scheduleControls(made, run, index) {
    const kind = run.schedule?.kind ?? catalog.schedules[0]?.name ?? "";
    const entry = find(catalog.schedules, kind);
    const list = picker({
      name: "schedule",
      label: t("runs.schedule"),
      kind: "schedule",
      entries: catalog.schedules.map(({ name, title }) => ({ value: name, title })),
      value: kind,
      choose: (chosen) =>
        change(store, (edited) => {
          const target = edited.runs[index];
          if (target) target.schedule = { kind: chosen };
        }),
    });
    const row = h("div", { class: "schedule-row" }, [h("span", { text: t("runs.schedule") }), list]);
    const sliders = (entry?.parameters ?? []).map((parameter) =>
      control(made, index, parameter, ["runs", index, "schedule", parameter.name], run.schedule?.[parameter.name]),
    );
    const lists = (entry?.lists ?? []).map((one) => {
      const values = run.schedule?.[one.name];
      const field = listField({
        name: one.name,
        id: `${one.name}-${index}`,
        label: one.meaning.split(":")[0] ?? "",
        values: Array.isArray(values) ? values : one.default,
        most: one.most,
        valid: one.valid,
        choose: (chosen) => change(store, (edited) => put(edited, ["runs", index, "schedule", one.name], chosen)),
      });
      return bind(["runs", index, "schedule", one.name], field);
    });
    const told = entry && entry.name !== catalog.schedules[0]?.name ? [formula(entry.mathml)] : [];
    return [row, ...told, ...sliders, ...lists];
  }

  /**
   * @param {import("./types").Run} run
   * @param {number} index
   */
  function heading(run, index) {
    const name = h("input", {
      class: "name",
      type: "text",
      maxlength: LONGEST_LABEL,
      "aria-label": t("runs.label"),
      spellcheck: "false",
      value: looks(store.get().comparison, store.get().theme)[index]?.name ?? "",
    });
    name.addEventListener("change", () =>
      change(store, (edited) => {
        const target = edited.runs[index];
        if (target) name.value.trim() ? (target.label = name.value.trim()) : delete target.label;
      }),
    );
    const result = h("span", { class: "result" });
    results[index] = result;
    const fold = h("button", {
      type: "button",
      class: "fold",
      "aria-expanded": String(!folded.has(index)),
      "aria-controls": `run-${index}`,
      "aria-label": t("runs.fold"),
    });
    fold.addEventListener("click", () => {
      folded.has(index) ? folded.delete(index) : folded.add(index);
      fold.setAttribute("aria-expanded", String(!folded.has(index)));
      const body = element.querySelector(`#run-${index}`);
      if (body instanceof HTMLElement) body.hidden = folded.has(index);
    });
    const dot = h("button", { type: "button", class: "dot", onclick: () => toggleHidden(store, index) });
    const select = (/** @type {Event} */ { target }) => {
      const beside = target === head || target === result;
      if (beside || (target === name && store.get().selected !== index)) toggleSelected(store, index);
    };
    const head = h("header", { class: "run-head", onclick: select }, [dot, name, result, fold, menu(run, index)]);
    return head;
  }

  /**
   * @param {import("./types").Run} run
   * @param {number} index
   */
  function menu(run, index) {
    const { comparison } = store.get();
    const colour = h("input", {
      type: "color",
      "aria-label": t("runs.colour"),
      value: looks(comparison, store.get().theme)[index]?.color.toLowerCase() ?? "",
    });
    colour.addEventListener("change", () => edit((runs) => void (runs[index] && (runs[index].color = colour.value))));
    const edit = (/** @type {(runs: import("./types").Run[]) => void} */ act) =>
      change(store, (edited) => act(edited.runs));
    const items = [
      ...(comparison.runs.length > 1
        ? [h("button", { type: "button", class: "select", onclick: () => toggleSelected(store, index) })]
        : []),
      h("button", {
        type: "button",
        text: t("runs.duplicate"),
        onclick: () =>
          change(store, (edited) => {
            const copy = structuredClone(edited.runs[index] ?? run);
            edited.runs.splice(index + 1, 0, { ...copy, color: freshColor(edited, run.optimizer) });
            added(index + 1, 1);
          }),
      }),
      ...ownButtons(store, index),
      h("label", {}, [h("span", { text: t("runs.colour") }), colour]),
      ...(run.color
        ? [
            h("button", {
              type: "button",
              text: t("runs.own_colour"),
              onclick: () => edit((runs) => void delete runs[index]?.color),
            }),
          ]
        : []),
      ...(comparison.runs.length > 1
        ? [
            h("button", {
              type: "button",
              text: t("runs.remove"),
              onclick: () => {
                folded = new Set();
                added(index, -1);
                edit((runs) => void runs.splice(index, 1));
              },
            }),
          ]
        : []),
    ];
    const shown = h("div", { class: "menu-items" }, items);
    return h("details", { class: "menu", ontoggle: () => shown.scrollIntoView({ block: "nearest" }) }, [
      h("summary", { "aria-label": t("runs.menu") }),
      shown,
    ]);
  }

  /**
   * What is hidden and what is selected stays so when runs come and go.
   * @param {number} place
   * @param {1 | -1} more
   */
  function added(place, more) {
    const { hidden, selected } = store.get();
    store.update({ hidden: shifted(hidden, place, more), selected: selectedAfter(selected, place, more) });
  }

  /** Which run is selected. */
  function mark() {
    const selected = cards.length > 1 ? selectedRun(store.get()) : null;
    cards.forEach((made, index) => {
      made.classList.toggle("selected", index === selected);
      const button = made.querySelector("button.select");
      const chosen = index === selected;
      if (button instanceof HTMLElement)
        renew(button, { text: t(chosen ? "runs.deselect" : "runs.select"), "aria-pressed": String(chosen) });
    });
  }

  /** Colours and names, which follow the theme. */
  function paint() {
    const { comparison, theme } = store.get();
    looks(comparison, theme).forEach(({ color, name }, index) => {
      const made = cards[index];
      made?.style.setProperty("--run", color);
      if (made) renew(made, { "aria-label": name });
      const field = made?.querySelector("input.name");
      if (field instanceof HTMLInputElement && document.activeElement !== field) field.value = name;
      const text = made?.querySelector(".name-text");
      if (text) text.textContent = name;
    });
  }

  /** Which runs are shown. */
  function dim() {
    const { hidden } = store.get();
    cards.forEach((made, index) => {
      const off = hidden.includes(index);
      made.classList.toggle("off", off);
      const name = looks(store.get().comparison, store.get().theme)[index]?.name ?? "";
      const dot = made.querySelector("button.dot");
      if (dot instanceof HTMLElement)
        renew(dot, {
          "aria-pressed": String(!off),
          "aria-label": t("runs.shown", { name }),
          title: t("runs.shown_title"),
        });
    });
  }

  /** The loss at the playhead, or how the run ended. */
  function report() {
    const { result, playhead, comparison } = store.get();
    const network = comparison.problem.kind === "network";
    results.forEach((text, index) => {
      const run = result?.runs[index];
      const losses = network ? run?.arrays.test_loss : (medianOf(run?.arrays.loss_band) ?? run?.arrays.loss);
      const diverged = run && run.status !== "ok" && (playhead === null || playhead >= run.steps);
      let place = playhead ?? Infinity;
      if (network && run?.arrays.at && playhead !== null) place = lastUntil(run.arrays.at, playhead);
      const loss = short(losses?.[Math.max(0, Math.min(place, losses.length - 1))]);
      const gone = run?.diverged ? t("runs.gone", { count: run.diverged }) : "";
      const single = diverged ? t("runs.diverged", { step: run.steps }) : network ? t("runs.test", { loss }) : loss;
      const words = run?.diverged === undefined ? single : `${t("runs.median", { loss })} ${gone}`.trim();
      renew(text, { text: words });
      text.classList.toggle("bad", Boolean(run?.diverged === undefined ? diverged : run.diverged));
    });
  }

  function show() {
    const { comparison } = store.get();
    const { kind, rows } = comparison.problem;
    const key = JSON.stringify([
      kind === "data" ? rows : null,
      comparison.runs.map((run) => [
        run.optimizer,
        settled(find(catalog.optimizers, run.optimizer), run),
        run.schedule?.kind,
        run.label,
        run.color,
        ownShape(run),
      ]),
    ]);
    if (key !== shape) {
      shape = key;
      build();
      report();
      dim();
      mark();
      dissection.draw();
      return;
    }
    for (const row of forkRows) row.show();
    showNumbers({ ...comparison, runs: comparison.runs.map(turned) });
  }

  const closeMenus = (/** @type {Event} */ event) => {
    for (const open of element.querySelectorAll("details[open]")) {
      if (!(event.target instanceof Node && open.contains(event.target))) open.removeAttribute("open");
    }
  };
  document.addEventListener("pointerdown", closeMenus);
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape")
      for (const open of element.querySelectorAll("details[open]")) open.removeAttribute("open");
  };
  document.addEventListener("keydown", escape);
  const stops = [
    store.subscribe(["comparison"], show),
    store.subscribe(["theme"], paint),
    store.subscribe(["hidden"], dim),
    store.subscribe(["forking", "playhead"], sayFork),
    store.subscribe(["selected"], mark),
    store.subscribe(["result", "playhead"], report),
  ];
  show();
  return () => {
    document.removeEventListener("pointerdown", closeMenus);
    document.removeEventListener("keydown", escape);
    for (const stop of stops) stop();
    unbind();
    dissection.stop();
    element.replaceChildren();
  };
}

/**
 * The medians of a band, which has three numbers an iterate.
 * @param {Float32Array | undefined} band
 */
const medianOf = (band) => band?.filter((_, place) => place % 3 === 1);

/**
 * @param {any} target
 * @param {(string | number)[]} path
 * @param {number | number[] | boolean | string} value
 */
function put(target, path, value) {
  for (const key of path.slice(0, -1)) target = target[key];
  const last = path[path.length - 1];
  if (last !== undefined) target[last] = value;
}
