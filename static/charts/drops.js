// Drops of the learning rate, placed on a chart: ticks that can be dragged, moved by keys, and taken away.
import { catalog, find, looks } from "../base/catalog.js";
import { change, settle } from "../base/change.js";
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { short } from "../base/numbers.js";
import { meantRuns } from "../base/selection.js";

const KIND = "milestones";
const FAR = 10;
const STILL = 3; // pixels that a click may move

/**
 * The runs whose learning rate would drop at a step: the selected one, or else all that are shown, where there is room
 * for another drop.
 * @param {import("../types").State} state
 * @param {number} step
 */
export function runsToDrop(state, step) {
  if (step < 1 || step >= (state.comparison.steps ?? Infinity)) return [];
  return meantRuns(state).filter((run) => {
    const at = dropsOf(state.comparison.runs[run]);
    return at.length < most() && !at.includes(step);
  });
}

/**
 * By how much the rate of the runs that are meant is divided at a drop, in words.
 * @param {import("../types").State} state
 */
export function droppedBy(state) {
  const factor = find(catalog.schedules, KIND)?.parameters.find(({ name }) => name === "factor")?.default ?? 1;
  const all = meantRuns(state).map((run) => {
    const schedule = state.comparison.runs[run]?.schedule;
    return schedule?.kind === KIND ? Number(schedule.factor ?? factor) : factor;
  });
  return [...new Set(all)].map((one) => short(1 / one)).join(" / ");
}

/**
 * Drop the learning rate at a step: schedules become milestones, or get one more.
 * @param {import("../types").Store} store
 * @param {number} step
 */
export function drop(store, step) {
  const state = store.get();
  const runs = runsToDrop(state, step);
  if (!runs.length) return;
  change(store, ({ runs: edited }) => {
    for (const place of runs) {
      const run = edited[place];
      if (!run) continue;
      const at = [...dropsOf(run), step].sort((one, other) => one - other);
      run.schedule = run.schedule?.kind === KIND ? { ...run.schedule, at } : { kind: KIND, at };
    }
  });
  const text = t("drop.placed", { names: namesOf(state, runs), times: droppedBy(store.get()), step });
  notify(store, text, state.comparison);
}

/**
 * Say what was done to the schedules, and offer them as they were.
 * @param {import("../types").Store} store
 * @param {string} text
 * @param {import("../types").Comparison} before
 */
function notify(store, text, before) {
  const undo = () =>
    change(store, ({ runs }) =>
      runs.forEach((run, place) => {
        const schedule = before.runs[place]?.schedule;
        if (schedule) run.schedule = structuredClone(schedule);
        else delete run.schedule;
      }),
    );
  store.update({ notice: { text, undo, of: store.get().comparison } });
}

/**
 * @param {import("../types").State} state
 * @param {number[]} runs
 */
function namesOf({ comparison, theme }, runs) {
  if (runs.length > 1 && runs.length === comparison.runs.length) return t("drop.every");
  const look = looks(comparison, theme);
  return runs.map((run) => look[run]?.name ?? "").join(", ");
}

/**
 * @param {import("../types").Run | undefined} run
 * @returns {number[]}
 */
function dropsOf(run) {
  if (run?.schedule?.kind !== KIND) return [];
  const { at } = run.schedule;
  return Array.isArray(at) ? at : (list()?.default ?? []);
}

const list = () => find(catalog.schedules, KIND)?.lists?.find(({ name }) => name === "at");
const most = () => list()?.most ?? 0;

/**
 * The ticks of the runs that are meant.
 * @param {HTMLElement} element laid over the chart's inner area, as wide as all steps
 * @param {import("../types").Store} store
 */
export function createDrops(element, store) {
  /** @type {{ mark: HTMLElement, step: number }[]} */
  let marks = [];
  let total = 1;

  /**
   * Move what stands at a step to another, where none of its runs has a drop yet.
   * @param {{ mark: HTMLElement, step: number }} one
   * @param {number} wanted
   * @param {Event} event
   */
  function moveTo(one, wanted, event) {
    const to = Math.min(total - 1, Math.max(1, wanted));
    const state = store.get();
    const runs = meantRuns(state).filter((run) => dropsOf(state.comparison.runs[run]).includes(one.step));
    if (to === one.step || runs.some((run) => dropsOf(state.comparison.runs[run]).includes(to))) return;
    const from = one.step;
    one.step = to; // before the change draws the marks, so that this one is found again
    change(store, (edited) => replace(edited, runs, from, to), event);
  }

  /** @param {{ mark: HTMLElement, step: number }} one */
  function remove(one) {
    const state = store.get();
    change(store, (edited) => replace(edited, meantRuns(state), one.step, null));
    notify(store, t("drop.removed", { step: one.step }), state.comparison);
  }

  /**
   * Give the focus to another mark, or to what chooses the chart: this one goes.
   * @param {HTMLElement} mark
   */
  function leave(mark) {
    const other = marks.find((one) => one.mark !== mark)?.mark;
    const chooser = ':is([aria-selected="true"], select):not([hidden] *)';
    const next = other ?? element.closest(".chart")?.querySelector(chooser);
    if (next instanceof HTMLElement) next.focus();
  }

  /** @param {{ mark: HTMLElement, step: number }} one */
  function listen(one) {
    const { mark } = one;
    /** @type {{ x: number, step: number, moved: boolean } | null} */
    let held = null;
    mark.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      mark.setPointerCapture(event.pointerId);
      held = { x: event.clientX, step: one.step, moved: false };
    });
    mark.addEventListener("pointermove", (event) => {
      if (!held) return;
      const by = event.clientX - held.x;
      held.moved ||= Math.abs(by) > STILL;
      if (held.moved) moveTo(one, Math.round(held.step + (by / element.clientWidth) * total), event);
    });
    let dragged = false;
    for (const end of ["pointerup", "pointercancel"]) {
      mark.addEventListener(end, () => {
        dragged = held?.moved ?? false;
        held = null;
        settle(store);
      });
    }
    mark.addEventListener("click", () => {
      if (!dragged) remove(one);
    });
    mark.addEventListener("keydown", (event) => {
      const turn = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (event.key === "Delete" || event.key === "Backspace" || event.key === "Enter") {
        event.preventDefault();
        remove(one);
        leave(mark);
      } else if (turn) {
        event.preventDefault();
        moveTo(one, one.step + turn * (event.shiftKey ? FAR : 1), event);
      }
    });
  }

  function makeMark() {
    const mark = h("div", { class: "drop", role: "slider", tabindex: 0, "aria-valuemin": 1, title: t("drop.title") });
    const one = { mark, step: 0 };
    listen(one);
    element.append(mark);
    return one;
  }

  /**
   * @param {number} steps of the chart
   * @param {boolean} shown
   */
  function draw(steps, shown) {
    const state = store.get();
    total = Math.max(1, steps);
    const look = looks(state.comparison, state.theme);
    /** @type {Map<number, number[]>} */
    const wanted = new Map();
    if (shown)
      for (const run of meantRuns(state))
        for (const step of dropsOf(state.comparison.runs[run]))
          if (step < total) wanted.set(step, [...(wanted.get(step) ?? []), run]);
    // A mark that stands at a wanted step stays the same element: it may be held by a hand.
    const steady = marks.filter(({ step }) => wanted.has(step));
    const spare = marks.filter(({ step }) => !wanted.has(step));
    const missing = [...wanted.keys()].filter((step) => !steady.some((one) => one.step === step));
    for (const step of missing) {
      const one = spare.pop() ?? makeMark();
      one.step = step;
      steady.push(one);
    }
    for (const { mark } of spare) mark.remove();
    marks = steady;
    for (const { mark, step } of marks) {
      const runs = wanted.get(step) ?? [];
      const names = runs.map((run) => look[run]?.name ?? "").join(", ");
      const only = runs.length === 1 ? look[runs[0] ?? 0]?.color : undefined;
      const style = `left: ${(100 * step) / total}%;${only ? ` --run: ${only}` : ""}`;
      renew(mark, {
        style,
        "aria-label": t("drop.label", { names }),
        "aria-valuenow": String(step),
        "aria-valuemax": String(total - 1),
        "aria-valuetext": t("drop.at", { step }),
      });
    }
  }

  return { draw };
}

/**
 * @param {import("../types").Comparison} edited changed in place
 * @param {number[]} runs
 * @param {number} from
 * @param {number | null} to nothing: the drop is taken away, and with the last one the schedule
 */
function replace(edited, runs, from, to) {
  for (const place of runs) {
    const run = edited.runs[place];
    const at = dropsOf(run);
    if (!run?.schedule || !at.includes(from)) continue;
    const left = at.filter((step) => step !== from);
    if (to !== null) left.push(to);
    if (left.length) run.schedule.at = left.sort((one, other) => one - other);
    else delete run.schedule;
  }
}
