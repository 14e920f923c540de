// Forks: a slider moved at a step changes what comes after it, and the old future stays as a ghost.
import { change } from "../base/change.js";
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { short } from "../base/numbers.js";

/**
 * The step at which a slider would fork a run now; null where it changes the run from its start.
 * @param {import("../types").State} state
 */
export function forkStep({ forking, playhead, comparison }) {
  return forking && comparison.problem.kind !== "network" && playhead !== null && playhead > 0 ? playhead : null;
}

/**
 * Set a number of a run's optimizer, or, of a run that has forked or is to fork now, what it turns to.
 * @param {import("../types").State} state
 * @param {import("../types").Run} run changed in place
 * @param {string} name
 * @param {number} value
 */
export function turn(state, run, name, value) {
  const at = forkStep(state);
  if (run.fork) run.fork.values[name] = value;
  else if (at !== null) run.fork = { at, values: { [name]: value } };
  else run[name] = value;
}

/**
 * A run with the numbers that its sliders show: of one that has forked those that it turned to.
 * @param {import("../types").Run} run
 * @returns {import("../types").Run}
 */
export const turned = (run) => (run.fork ? { ...run, ...run.fork.values } : run);

/**
 * The row of a card that says where its run forked, and from what; a button takes the fork back. It is there all the
 * time, since the first move of a slider forks: a card that was built anew then would take the slider from the hand.
 * @param {import("../types").Store} store
 * @param {number} index
 * @param {import("../types").Parameter[]} parameters the optimizer's
 */
export function forkRow(store, index, parameters) {
  const words = h("span");
  const drop = h("button", {
    type: "button",
    class: "icon quiet",
    text: "×",
    "aria-label": t("fork.drop"),
    title: t("fork.drop"),
    onclick: () => change(store, ({ runs }) => void delete runs[index]?.fork),
  });
  const element = h("div", { class: "own-row", hidden: true }, [words, drop]);
  const show = () => {
    const run = store.get().comparison.runs[index];
    const fork = run?.fork;
    renew(element, { hidden: !fork });
    if (!fork) return;
    const before = parameters
      .filter(({ name }) => name in fork.values)
      .map(({ name, symbol, default: usual }) => `${plainSymbol(symbol)}\u00a0${short(Number(run[name] ?? usual))}`);
    renew(words, { text: t("fork.row", { step: fork.at, before: before.join(", ") }) });
  };
  show();
  return { element, show };
}

/** In the place of what was asked last: nothing is known, and it is asked once the hand rests. */
const LATER = "later";
const GREEK = { alpha: "α", beta: "β", rho: "ρ", epsilon: "ε", gamma: "γ", lambda: "λ", mu: "μ", eta: "η", delta: "δ" };
const LOW = "₀₁₂₃₄₅₆₇₈₉";

/**
 * A symbol as plain text, such as β₁.
 * @param {string} latex
 */
const plainSymbol = (latex) =>
  latex
    .replace(/\\([a-z]+)/g, (_, name) => /** @type {Record<string, string>} */ (GREEK)[name] ?? name)
    .replace(/_\{?(\d)\}?/g, (_, digit) => LOW[Number(digit)] ?? digit);

/**
 * Turn the forking of runs by their sliders on or off. It needs a playhead within the race.
 * @param {import("../types").Store} store
 */
export function toggleForking(store) {
  const { forking, playhead, result, comparison } = store.get();
  if (comparison.problem.kind === "network") return;
  // At the end there is no future to change: begin in the middle.
  const middle = Math.max(1, Math.round((result?.total ?? 2) / 2));
  store.update({ forking: !forking, playhead: !forking && !playhead ? middle : playhead, playing: false });
}

/**
 * Keep in the state where forked runs would have gone. While a hand goes on moving what they would have done, it is not
 * asked anew at every turn of it, but once it rests.
 * @param {import("../types").Store} store
 */
export function followForks(store) {
  let known = "";
  let asked = new AbortController();

  async function ask() {
    const { comparison, moving } = store.get();
    if (!comparison.runs.some(({ fork }) => fork)) {
      known = "";
      asked.abort();
      if (store.get().ghosts.length) store.update({ ghosts: [] });
      return;
    }
    // All runs, though some have not forked yet: of fewer the server would have to compile another program.
    const runs = comparison.runs.map((run) => ({ ...run, fork: null, label: null, color: null }));
    const body = JSON.stringify({ ...comparison, runs });
    if (body === known) return;
    const again = known !== "";
    known = again && moving ? LATER : body;
    asked.abort();
    asked = new AbortController();
    if (store.get().ghosts.length) store.update({ ghosts: [] });
    if (known === LATER) return;
    try {
      const headers = { "Content-Type": "application/json" };
      const address = new URL("/api/run", import.meta.url);
      const answer = await fetch(address, { method: "POST", body, headers, signal: asked.signal });
      if (!answer.ok || body !== known) return;
      const found = await answer.json();
      if (body === known) store.update({ ghosts: found.runs.map(courseOf) });
    } catch {
      if (body === known) known = ""; // asked again with the next change
    }
  }

  store.subscribe(["comparison", "moving"], ask);
  void ask();
}

/**
 * @param {{ path: [number, number][], path_median?: [number, number][], loss: number[], loss_band?: number[][] }} run
 */
function courseOf({ path, path_median: median, loss, loss_band: band }) {
  return { path: median ?? path, loss: band?.map(([, middle]) => middle ?? 0) ?? loss };
}
