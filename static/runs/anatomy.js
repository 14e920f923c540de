// The step at the playhead in its parts: the gradient that it saw, what was remembered, and where it led.
import { catalog, find } from "../base/catalog.js";
import { selectedRun } from "../base/selection.js";
import { correction, slotsOf } from "../charts/slots.js";
import { isNetwork } from "../map/window.js";

const MOST = 3; // runs at a time, where none is selected

/** @typedef {[number, number]} Pair x and y */
/**
 * @typedef {object} Step
 * @property {number} run its place
 * @property {number} at the step's number, counted from 0
 * @property {number} lr
 * @property {Pair} from
 * @property {Pair} to
 * @property {Pair} gradient
 * @property {{ slot: import("../charts/slots").Slot, before: Pair, after: Pair, corrected: Pair | null }[]} slots
 * @property {{ mathml: string, name: string, sign: 1 | -1, value: Pair } | null} remembered what a step follows
 */

/**
 * Whether steps can be told of: a network's are too many numbers, and a cloud of seeds has no one step.
 * @param {import("../types").State} state
 */
export const hasAnatomy = (state) => !isNetwork(state) && (state.comparison.seeds ?? 1) === 1;

/**
 * The runs whose step is told: the selected one, or all shown where these are few.
 * @param {import("../types").State} state
 */
function toldRuns(state) {
  const selected = selectedRun(state);
  if (selected !== null) return state.hidden.includes(selected) ? [] : [selected];
  const shown = state.comparison.runs.map((_, place) => place).filter((place) => !state.hidden.includes(place));
  return shown.length <= MOST ? shown : [];
}

/**
 * Tell of the step at the playhead, or no longer. Where nothing could be told, the first run shown is selected, and the
 * playhead goes to the last step that there is.
 * @param {import("../types").Store} store
 */
export function toggleAnatomy(store) {
  const state = store.get();
  if (state.anatomy || !hasAnatomy(state)) return store.update({ anatomy: false });
  const first = state.comparison.runs.findIndex((_, place) => !state.hidden.includes(place));
  const selected = toldRuns(state).length || first < 0 ? state.selected : first;
  const last = Math.max(0, ...toldRuns({ ...state, selected }).map((run) => stepsOf(state, run) - 1));
  store.update({ anatomy: true, selected, playhead: Math.min(state.playhead ?? last, last) });
}

/**
 * How many steps of a run can be told of.
 * @param {import("../types").State} state
 * @param {number} run
 */
const stepsOf = ({ result }, run) => (result?.runs[run]?.arrays.gradient?.length ?? 0) / 2;

/**
 * The steps at the playhead; none where it is at the end, or beyond a run's end.
 * @param {import("../types").State} state
 * @returns {Step[]}
 */
export function stepsAt(state) {
  const { anatomy, playhead, comparison } = state;
  if (!anatomy || playhead === null || !hasAnatomy(state)) return [];
  return toldRuns(state).flatMap((run) => {
    const arrays = state.result?.runs[run]?.arrays;
    const chosen = comparison.runs[run];
    const at = playhead;
    if (!arrays || !chosen || at >= stepsOf(state, run)) return [];
    const pair = (/** @type {Float32Array | undefined} */ values, /** @type {number} */ row) =>
      /** @type {Pair} */ ([values?.[2 * row] ?? 0, values?.[2 * row + 1] ?? 0]);
    const slots = slotsOf(chosen).map((slot) => {
      const after = pair(arrays[slot.name], at);
      const corrected = correction(chosen, slot);
      return {
        slot,
        before: at ? pair(arrays[slot.name], at - 1) : /** @type {Pair} */ ([0, 0]), // every state starts at 0
        after,
        corrected: corrected && /** @type {Pair} */ ([corrected(after[0], at), corrected(after[1], at)]),
      };
    });
    const [followed, sign] = find(catalog.optimizers, chosen.optimizer)?.follows ?? [];
    const known = slots.find(({ slot }) => slot.name === followed);
    return [
      {
        run,
        at,
        lr: arrays.lr?.[at] ?? Number.NaN,
        from: pair(arrays.path, at),
        to: pair(arrays.path, at + 1),
        gradient: pair(arrays.gradient, at),
        slots,
        remembered:
          known && sign ? { mathml: known.slot.mathml, name: known.slot.name, sign, value: known.after } : null,
      },
    ];
  });
}
