// What the server says of typed formulas: asked once each, and remembered where every part finds it.
import { formulaKey, problemEntry, remember, suitRates } from "../base/catalog.js";

/** What is wrong with a formula, in the server's words. */
export class Refused extends Error {
  /**
   * @param {string} title
   * @param {import("../types").Complaint[]} errors
   */
  constructor(title, errors) {
    super(errors[0]?.msg ?? title);
    this.title = title;
    this.errors = errors;
  }
}

/**
 * @param {import("../types").Problem} problem a formula
 * @param {AbortSignal} [signal]
 * @returns {Promise<import("../types").Entry>}
 * @throws {Refused}
 */
export async function describe(problem, signal) {
  const found = problemEntry({ problem, runs: [] });
  if (found?.start) return found;
  const address = new URL("/api/formula", import.meta.url);
  address.searchParams.set("expression", String(problem.expression ?? ""));
  if (problem.domain) address.searchParams.set("domain", JSON.stringify(problem.domain));
  const answer = await fetch(address, signal ? { signal } : {});
  const said = await answer.json();
  if (!answer.ok) throw new Refused(said.title ?? answer.statusText, said.errors ?? []);
  return remember(problem, said);
}

/**
 * Put another formula in the place of the present problem. What was proposed for the one before it follows; what a
 * person chose stays.
 * @param {import("../types").Comparison} edited changed in place
 * @param {import("../types").Problem} problem a formula that was described
 * @returns {boolean} whether the start or a learning rate is another now
 */
export function turnToFormula(edited, problem) {
  const before = edited.problem.kind === "formula" ? problemEntry(edited) : undefined;
  const after = problemEntry({ problem, runs: [] });
  const proposed = !before || JSON.stringify(edited.start ?? before.start) === JSON.stringify(before.start);
  const set = () => JSON.stringify([edited.start ?? problemEntry(edited)?.start, edited.runs.map(({ lr }) => lr)]);
  const was = set();
  edited.problem = problem;
  if (proposed) edited.start = after?.start ?? null;
  suitRates(edited.runs, after, before, true);
  return set() !== was;
}

/**
 * Ask about the formulas that come by the address, by the history, or from a page around this one.
 * @param {import("../types").Store} store
 */
export function followFormulas(store) {
  let asked = "";
  async function follow() {
    const { problem } = store.get().comparison;
    if (problem.kind !== "formula") return;
    const key = formulaKey(problem);
    if (key === asked) return;
    asked = key;
    try {
      store.update({ formula: await describe(problem) });
    } catch (error) {
      if (error instanceof Refused && formulaKey(store.get().comparison.problem) === key && !store.get().errors.length)
        store.update({ errors: error.errors, failure: error.title });
      asked = "";
    }
  }
  follow();
  return store.subscribe(["comparison"], follow);
}
