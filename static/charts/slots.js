// The parts of an optimizer's state: which there are, and their values, corrected for their start at 0 or not.
import { catalog, find } from "../base/catalog.js";

/** @typedef {{ name: string, meaning: string, mathml: string, decay: string | null, correctedMathml: string }} Slot */

/**
 * A number of a run's rule as it is in a step: a fork has other ones from its step on.
 * @param {import("../types").Run} run
 * @param {string} name
 * @param {number} step counted from 0
 * @returns {number | null} null where it has no such number
 */
export function numberOf(run, name, step) {
  const forked = run.fork && step >= run.fork.at ? run.fork.values[name] : undefined;
  const parameters = find(catalog.optimizers, run.optimizer)?.parameters;
  const value = forked ?? run[name] ?? parameters?.find((one) => one.name === name)?.default;
  return typeof value === "number" ? value : null;
}

/**
 * @param {import("../types").Run} run
 * @returns {Slot[]} `decay` names that of the correction; null where the rule corrects nothing, or was told not to
 */
export function slotsOf(run) {
  const entry = find(catalog.optimizers, run.optimizer);
  return (entry?.slots ?? []).map(({ name, meaning, mathml, corrected }) => {
    const decay = run.bias_correction === false ? null : (corrected?.decay ?? null);
    return { name, meaning, mathml, decay, correctedMathml: corrected?.mathml ?? "" };
  });
}

/**
 * How a running mean is corrected for its start at 0; null where it is not.
 * @param {import("../types").Run} run
 * @param {Slot} slot
 * @returns {((value: number, step: number) => number) | null} of its value after a step, which is counted from 0
 */
export function correction(run, { decay }) {
  if (decay === null) return null;
  const fork = run.fork?.at ?? Infinity;
  const [before, after] = [numberOf(run, decay, -1) ?? 0, numberOf(run, decay, Infinity) ?? 0];
  return (value, step) => value / (1 - (step < fork ? before : after) ** (step + 1));
}

/**
 * What can be charted of the runs shown: each part of a state, and where it is corrected that too, and both.
 * @param {import("../types").State} state
 * @returns {{ name: string, form: "plain" | "corrected" | "pair", meanings: string[] }[]}
 */
export function slotChoices({ comparison, hidden }) {
  /** @type {Map<string, { meanings: Set<string>, corrected: boolean }>} */
  const found = new Map();
  comparison.runs.forEach((run, place) => {
    if (hidden.includes(place)) return;
    for (const { name, meaning, decay } of slotsOf(run)) {
      const known = found.get(name) ?? { meanings: new Set(), corrected: false };
      known.meanings.add(meaning);
      known.corrected ||= decay !== null;
      found.set(name, known);
    }
  });
  return [...found].flatMap(([name, { meanings, corrected }]) => {
    /** @type {("plain" | "corrected" | "pair")[]} */
    const forms = corrected ? ["plain", "corrected", "pair"] : ["plain"];
    return forms.map((form) => ({ name, form, meanings: [...meanings] }));
  });
}

/**
 * The choice that is made, or the first where it cannot be.
 * @param {import("../types").State} state
 */
export function chosenSlot(state) {
  const choices = slotChoices(state);
  return choices.find(({ name, form }) => `${name}:${form}` === state.slot) ?? choices[0] ?? null;
}
