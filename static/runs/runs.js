// The right panel: a card a run, its update rule above the sliders that move it.
import { createBindings } from "../controls/bindings.js";
import { createBody } from "./card.js";
import { createHead } from "./card_head.js";
import { catalog, find, freshColor, looks, problemEntry, suitRates } from "../base/catalog.js";
import { change } from "../base/change.js";
import { picker } from "../controls/controls.js";
import { createDissection } from "./dissection.js";
import { h, renew, replaceKeepingFocus } from "../base/dom.js";
import { forkStep, turned } from "./fork.js";
import { t } from "../base/language.js";
import { lastUntil, short } from "../base/numbers.js";
import { ownShape } from "./own.js";
import { selectedRun } from "../base/selection.js";
import { settled } from "../controls/switches.js";

/**
 * @type {import("../types").Mount<{only?: string[]} | undefined>}
 * `only` names the parameters whose sliders are shown, without anything else: for embeds.
 */
export function mount(element, store, options) {
  const only = options?.only;
  let shape = "";
  const { bind, clear, show: showNumbers, stop: unbind } = createBindings(store);
  const dissection = createDissection(element, store);
  /** @type {HTMLElement[]} */
  let results = [];
  /** @type {import("./card").Body[]} */
  let bodies = [];
  /** @type {HTMLElement[]} */
  let cards = [];
  const forkWords = h("p", { class: "fork-words", role: "status", hidden: true });
  /** @type {Set<number>} */
  const folded = new Set();

  function build() {
    const { comparison } = store.get();
    clear();
    results = [];
    bodies = [];
    if (comparison.runs.length !== cards.length) folded.clear();
    cards = comparison.runs.map((_, index) => card(index));
    const head = h("header", { class: "runs-head" }, [h("h2", { text: t("runs.title") }), adder()]);
    replaceKeepingFocus(element, only ? cards : [head, ...cards, forkWords]);
    paint();
  }

  /** What sliders do while they fork runs. */
  function sayFork() {
    const { forking, comparison } = store.get();
    const at = forkStep(store.get());
    const text = at === null ? t("fork.nowhere") : t("fork.hint", { step: at });
    renew(forkWords, { text, hidden: !forking || comparison.problem.kind === "network" });
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

  /** @param {number} index */
  function card(index) {
    const body = createBody(store, index, bind, only);
    bodies.push(body);
    body.element.hidden = folded.has(index);
    const fold = (/** @type {boolean} */ away) => {
      away ? folded.add(index) : folded.delete(index);
      dissection.draw();
    };
    const head = only ? null : createHead(store, index, body.element, fold);
    if (head) results.push(head.result);
    const parts = head ? [head.element, body.element] : [body.element];
    const nothing = Boolean(only) && body.element.childElementCount < 2;
    return h("article", { class: "run", "data-run": index, hidden: nothing }, parts);
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
    const { hidden, comparison, theme } = store.get();
    const look = looks(comparison, theme);
    cards.forEach((made, index) => {
      const off = hidden.includes(index);
      made.classList.toggle("off", off);
      const name = look[index]?.name ?? "";
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
      const band = run?.arrays.loss_band; // three numbers an iterate, of which the second is the median
      const losses = network ? run?.arrays.test_loss : (band ?? run?.arrays.loss);
      const each = band && !network ? 3 : 1;
      const diverged = run && run.status !== "ok" && (playhead === null || playhead >= run.steps);
      let place = playhead ?? Infinity;
      if (network && run?.arrays.at && playhead !== null) place = lastUntil(run.arrays.at, playhead);
      place = Math.max(0, Math.min(place, (losses?.length ?? 0) / each - 1));
      const loss = short(losses?.[each * place + (each > 1 ? 1 : 0)]);
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
    for (const body of bodies) body.show();
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
