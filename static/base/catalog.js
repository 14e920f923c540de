// What can be chosen, and how it looks: both come from the server, once.
import { t } from "./language.js";
import { grouped } from "./numbers.js";

/** @type {import("../types").Catalog} */
export let catalog;
/** @type {import("../types").Figures} */
export let figures;

/** Load the catalog, the figures without data, and the plotting library of their version. */
export async function loadCatalog() {
  const load = async (/** @type {string} */ path) => {
    const answer = await fetch(new URL(path, import.meta.url));
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  };
  [catalog, figures] = await Promise.all([load("/api/catalog"), load("/api/figures")]);
  await loadScript(new URL(`/assets/plotly-${figures.plotly}.min.js`, import.meta.url));
}

/**
 * What the fields of a network may be, by field, where they may be one of a few words.
 * @returns {Promise<Record<string, string[]>>}
 */
export async function loadChoices() {
  const answer = await fetch(new URL("/openapi.json", import.meta.url));
  const schema = await answer.json();
  /** @type {Record<string, string[]>} */
  const choices = {};
  for (const [field, described] of Object.entries(schema.components?.schemas?.Network?.properties ?? {})) {
    if (Array.isArray(described.enum)) choices[field] = described.enum;
  }
  return choices;
}

/** @param {URL} address */
function loadScript(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address.href;
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

/**
 * @param {import("../types").Entry[] | undefined} entries
 * @param {string | undefined} name
 */
export function find(entries, name) {
  return entries?.find((entry) => entry.name === name);
}

/** @type {Map<string, import("../types").Entry>} typed formulas, as the server described them */
const formulas = new Map();

/** @param {import("../types").Problem} problem a formula */
export const formulaKey = ({ expression, domain }) => JSON.stringify([expression, domain ?? null]);

/**
 * Keep what the server says of a formula.
 * @param {import("../types").Problem} problem
 * @param {Record<string, any>} said
 * @returns {import("../types").Entry}
 */
export function remember(problem, said) {
  const entry = { ...bareFormula(problem), ...said, mathml: [said.mathml] };
  formulas.set(formulaKey(problem), entry);
  return entry;
}

/**
 * A formula of which nothing is known yet.
 * @param {import("../types").Problem} problem
 * @returns {import("../types").Entry}
 */
const bareFormula = ({ kind }) => ({ name: kind, title: "", formula: [], mathml: [], source: "", parameters: [] });

/**
 * A loss over rows as its data set has it: window, start and learning rates differ from one to the next.
 * @param {import("../types").Entry | undefined} entry
 * @param {import("../types").Problem} problem
 * @returns {import("../types").Entry | undefined}
 */
function withPlace(entry, { dataset, preprocess = "standardized" }) {
  const source = entry?.sources?.find(({ name }) => name === dataset) ?? entry?.sources?.[0];
  return entry && { ...entry, ...source?.places[String(preprocess)] };
}

/**
 * What of a problem its map hangs on: not how many rows a step looks at.
 * @param {import("../types").Problem} problem
 */
export const groundOf = ({ batch_size, ...problem }) => JSON.stringify(problem);

/**
 * The numbers of the problem that each run has of its own, on which its ground hangs; nothing where it has none.
 * @param {import("../types").Comparison} comparison
 */
export const ownNumbers = ({ problem, runs }) =>
  runs.map((run) =>
    problem.kind === "data" || !Object.keys(run.problem ?? {}).length ? "" : JSON.stringify(run.problem),
  );

/** @param {import("../types").Comparison} comparison */
export function problemEntry({ problem }) {
  if (problem.kind === "formula") return formulas.get(formulaKey(problem)) ?? bareFormula(problem);
  if (problem.kind === "data") return withPlace(find(catalog.data, problem.name), problem);
  return problem.kind === "network" ? catalog.networks[0] : find(catalog.surfaces, problem.name);
}

/**
 * The page that a problem belongs to.
 * @param {import("../types").Comparison} comparison
 */
export const pageOf = ({ problem: { kind } }) => (kind === "network" || kind === "data" ? kind : "surface");

/**
 * Which problem this is, whatever its numbers.
 * @param {import("../types").Comparison} comparison
 */
export const problemOf = ({ problem }) =>
  problem.kind === "data"
    ? `${problem.kind} ${problem.name} ${problem.dataset} ${problem.preprocess}`
    : `${problem.kind} ${problem.name ?? problem.dataset}`;

/**
 * Whether the two parameters are weights, for x stands for the inputs: where the loss is over rows.
 * @param {import("../types").Comparison} comparison
 */
export const hasWeights = ({ problem }) => problem.kind === "data";

/**
 * What the two parameters are called.
 * @param {import("../types").Comparison} comparison
 * @returns {[string, string]}
 */
export const axisNames = (comparison) =>
  hasWeights(comparison) ? [t("axis.w1"), t("axis.w2")] : [t("axis.x"), t("axis.y")];

/**
 * Give runs the learning rates at which the surface tells its story, where the catalog knows one for the optimizer or
 * for its like.
 * @param {import("../types").Run[]} runs changed in place
 * @param {import("../types").Entry | undefined} entry the problem's
 * @param {import("../types").Entry} [before] the problem before it
 * @param {boolean} [stay] whether rates that the problem before did not suggest are to stay
 */
export function suitRates(runs, entry, before, stay = false) {
  for (const run of runs) {
    const share = [1, ...(entry?.sources ? [defaultShare(run)] : [])].find(
      (one) => run.lr === suited(run, before, one),
    );
    const rate = suited(run, entry, share);
    if (rate !== undefined && (share !== undefined || !stay || !before?.rates)) run.lr = rate;
  }
}

/**
 * How much of what suits full batches the runs have with which the page of data opens: single rows need less.
 * @param {import("../types").Run} run
 */
function defaultShare({ optimizer }) {
  const first = catalog.default_data.runs.find((run) => run.optimizer === optimizer);
  const rate = first && suited(first, problemEntry(catalog.default_data));
  return rate === undefined ? 1 : Number(first?.lr) / rate;
}

/**
 * @param {import("../types").Run} run
 * @param {import("../types").Entry | undefined} entry
 * @param {number} [share] of what suits full batches
 */
function suited({ optimizer }, entry, share = 1) {
  const [like, factor] = find(catalog.optimizers, optimizer)?.suits ?? [optimizer, 1];
  const rate = like === null ? 1 : entry?.rates?.[like];
  return rate === undefined ? undefined : Number((share * factor * rate).toPrecision(3));
}

/**
 * Colour, dash and name of every run: its optimizer's own for the first of its kind, then the spare ones in order.
 * @param {import("../types").Comparison} comparison
 * @param {"light" | "dark"} theme
 */
export function looks(comparison, theme) {
  const { palette } = figures.themes[theme];
  const taken = new Set(comparison.runs.map(({ color }) => spareOf(color)));
  /** @type {Map<string, number>} */
  const seen = new Map();
  const counted = (/** @type {string} */ what) => {
    const count = (seen.get(what) ?? 0) + 1;
    seen.set(what, count);
    return count;
  };
  let spare = 0;
  return comparison.runs.map((run) => {
    const count = counted(run.optimizer);
    const title = titleOf(run, comparison);
    const alike = counted(`title ${title}`);
    const own = count === 1 ? palette.runs[run.optimizer] : undefined;
    const given = spareOf(run.color);
    let place = given;
    if (place < 0 && !own) {
      while (taken.has(spare)) spare += 1;
      place = spare++;
    }
    const free = place < 0 ? undefined : palette.spare[place % palette.spare.length];
    return {
      color: (given < 0 ? run.color || own : undefined) || free || palette.ink,
      dash:
        place < 0
          ? palette.dashes[run.optimizer] || "solid"
          : palette.spare_dashes[place % palette.spare_dashes.length] || "solid",
      name: run.label || (alike === 1 ? title : `${title} ${alike}`),
    };
  });
}

/**
 * What a run is called before anybody names it: by its optimizer, and by the rows of a batch of its own.
 * @param {import("../types").Run} run
 * @param {import("../types").Comparison} comparison
 */
function titleOf(run, { problem }) {
  const title = find(catalog.optimizers, run.optimizer)?.title ?? run.optimizer;
  const size = problem.kind === "data" ? run.problem?.batch_size : undefined;
  if (size === undefined) return title;
  if (size === problem.rows) return t("rows.all_rows", { title });
  return size === 1 ? t("rows.one_row", { title }) : t("rows.batched", { title, size: grouped(size) });
}

/**
 * The place of a colour among the spare ones, of whichever theme; −1 where it is none of them. A run that was given a
 * spare colour keeps it, as each theme has it, whatever else is added or removed.
 * @param {string | null | undefined} color
 */
function spareOf(color) {
  const wanted = (color ?? "").toLowerCase();
  for (const { palette } of Object.values(figures.themes)) {
    const place = palette.spare.findIndex((one) => one.toLowerCase() === wanted);
    if (place >= 0) return place;
  }
  return -1;
}

/**
 * The spare colour that a new run gets, one that no run wears; null for the first run of an optimizer, which has its
 * own.
 * @param {import("../types").Comparison} comparison
 * @param {string} optimizer
 */
export function freshColor(comparison, optimizer) {
  const { spare, runs } = figures.themes.light.palette;
  if (runs[optimizer] && !comparison.runs.some((run) => run.optimizer === optimizer)) return null;
  const worn = looks(comparison, "light").map(({ color }) => color.toLowerCase());
  return spare.find((color) => !worn.includes(color.toLowerCase())) ?? null;
}

/**
 * A trace's template by its role, copied.
 * @param {import("../types").Skeleton} skeleton
 * @param {string} role
 * @returns {import("../types").Trace}
 */
export function template(skeleton, role) {
  const found = skeleton.data.find((trace) => trace.meta.role === role);
  if (!found) throw new Error(`no trace has the role ${role}`);
  return structuredClone(found);
}
