// The live loop: a changed comparison goes out, frames come in, and each is drawn once and measured.
import { groundOf, ownNumbers, problemOf } from "../base/catalog.js";
import { LONGEST_LABEL } from "../base/numbers.js";
import { heightsOf, landscapeOf, resultOf } from "./answers.js";
import { decode } from "./wire.js";
import { openStream } from "./stream.js";
import { hasTheory } from "../runs/theory.js";

const SETTLED_AFTER = 500;
const PATIENCE = 600;
const TOGETHER_WITHIN = 12;
const GIVEN_UP_AFTER = 1500;
const MEASURE = "ravine:slider-to-paint";
const ZOOM_MEASURE = "ravine:zoom-to-paint";

/** @param {import("../types").Store} store */
export function startLoop(store) {
  let newest = 0;
  let inFlight = 0;
  let sentAt = 0;
  let pending = false;
  let surveyed = 0;
  let refining = 0;
  let typedFor = ""; // the formula that the paths are on
  let raced = 0; // the newest request for frames, whose result alone is worth a landscape
  let settling = 0;
  let patience = 0;
  /** @type {import("../types").Comparison} the comparison before the present one */
  let before = store.get().comparison;
  let drawn = false;
  let heightsWanted = "";
  /** @type {import("../types").View | null} */
  let viewWanted = null;
  let heightsShown = "";
  /** @type {Map<number, [string, number][]>} request to the input events it answers: what is measured, since when */
  const asked = new Map();
  /** @type {Map<number, import("../types").Comparison>} request to what it is about, until its answer is complete */
  const sent = new Map();
  /** @type {[string, number][]} */
  let unasked = [];
  /** @type {Partial<import("../types").State> | null} */
  let waiting = null;

  const stream = openStream({
    frame,
    state(connection) {
      store.update({ connection });
      inFlight = 0;
      heightsShown = "";
      if (connection === "open") ask();
    },
  });

  function ask() {
    const { comparison, view } = store.get();
    if (inFlight && performance.now() - sentAt < GIVEN_UP_AFTER) {
      pending = true;
      return;
    }
    const network = comparison.problem.kind === "network";
    /** @type {Record<string, unknown>} */
    const message = { id: newest + 1, comparison };
    const heights =
      network || !view ? "" : JSON.stringify([groundOf(comparison.problem), ownNumbers(comparison), view]);
    if (heights && heights !== heightsShown) message.view = view;
    if (store.get().theory && hasTheory(store.get())) message.theory = true;
    if (!network && !view) return;
    if (!stream.send(message)) return;
    pending = false;
    newest += 1;
    sent.set(newest, comparison);
    inFlight = raced = newest;
    sentAt = performance.now();
    heightsWanted = heights;
    viewWanted = view;
    asked.set(newest, unasked);
    unasked = [];
    window.clearTimeout(patience);
    patience = window.setTimeout(() => store.update({ waiting: true }), PATIENCE);
    const { landscape } = store.get();
    if (landscape) store.update({ landscape: network ? { ...landscape, stale: true } : null });
  }

  function survey() {
    const { comparison, plane, moving, result } = store.get();
    if (comparison.problem.kind !== "network" || moving || !result?.done || surveyed === result.id) return;
    if (pending || result.id !== raced) return;
    if (!stream.send({ id: newest + 1, comparison, landscape: { plane } })) return;
    newest += 1;
    sent.set(newest, comparison);
    surveyed = result.id;
    // What stands refused while the newest paths are there is an earlier landscape of theirs.
    if (store.get().failure !== null) store.update({ errors: [], failure: null });
  }

  /** Go on with the map of a loss over rows while nothing else is asked for; what was done of it the server keeps. */
  function refine() {
    const { comparison, view, moving, heights } = { ...store.get(), ...waiting };
    if (comparison.problem.kind !== "data" || moving || inFlight || pending || refining === newest) return;
    if (!view || !heights?.count || (heights.rows ?? 0) >= heights.count || heightsShown !== heightsWanted) return;
    if (!stream.send({ id: newest + 1, comparison, view, refine: true })) return;
    newest += 1;
    refining = newest;
    sent.set(newest, comparison);
  }

  /** @param {ArrayBuffer} buffer */
  function frame(buffer) {
    const { header, arrays } = decode(buffer);
    if (header.id !== newest && header.id !== inFlight) return;
    if (header.id !== null && !fits(header.id)) {
      // Runs were added or removed meanwhile, or the problem is another: this belongs to none that is there.
      if (header.kind !== "heights") release(header.id);
      return;
    }
    if (header.kind === "heights") {
      // Its paths are a moment behind; drawn together they cost one display frame instead of two.
      waiting = { ...waiting, ...takeHeights(header, arrays) };
      window.setTimeout(() => drawn || draw(), TOGETHER_WITHIN);
    }
    if (header.kind === "chunk") {
      typedFor = typedIn(sent.get(header.id));
      show(takeChunk(header, arrays));
      release(header.id);
    }
    if (header.kind === "landscape")
      show({ landscape: landscapeOf(header, arrays, { ...store.get(), ...waiting }.landscape) });
    if (header.kind === "done") {
      release(header.id);
      for (const id of sent.keys()) if (id <= header.id) sent.delete(id);
      const { result } = { ...store.get(), ...waiting };
      // Only a landscape waits for the end; a race on a surface is all drawn, and not drawn a second time.
      const last = store.get().comparison.problem.kind === "network";
      if (last && result && result.id === header.id) show({ result: { ...result, done: true } });
      refine();
    }
    if (header.kind === "error") {
      release(header.id);
      asked.delete(header.id);
      show({ errors: header.errors ?? [], failure: header.title ?? "" });
    }
  }

  /**
   * Whether an answer is about the runs and the problem that are there now, whatever their numbers.
   * @param {number} id
   */
  function fits(id) {
    const [about, now] = [sent.get(id), store.get().comparison];
    return about !== undefined && problemOf(about) === problemOf(now) && kindsOf(about) === kindsOf(now);
  }

  /** Let go of what was to be drawn of runs, or of a problem, that are no longer there. */
  function forget() {
    if (!waiting) return;
    const { result, heights, landscape, ...others } = waiting;
    waiting = Object.keys(others).length ? others : null;
  }

  /** @param {number} id */
  function release(id) {
    if (id !== inFlight) return;
    window.clearTimeout(patience);
    if (store.get().waiting) show({ waiting: false });
    inFlight = 0;
    if (pending) ask();
  }

  /**
   * Draw now if this display frame is still free, else with the next.
   * @param {Partial<import("../types").State>} patch
   */
  function show(patch) {
    waiting = { ...waiting, ...patch };
    if (!drawn) draw();
  }

  function draw() {
    const patch = waiting;
    if (!patch) return;
    waiting = null;
    drawn = true;
    store.update(patch);
    const id = patch.result?.id ?? 0;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        if (id) painted(id);
        drawn = false;
        draw();
      };
      port2.postMessage(null);
    });
  }

  /** @param {number} id */
  function painted(id) {
    const end = performance.now();
    for (const [request, starts] of asked) {
      if (request > id) continue;
      for (const [measure, start] of starts) performance.measure(measure, { start, end });
      asked.delete(request);
    }
  }

  /**
   * @param {import("../types").Header} header
   * @param {import("../types").Frame["arrays"]} arrays
   */
  function takeChunk(header, arrays) {
    const { result: before, theory, failure } = { ...store.get(), ...waiting };
    const { seeds = 1 } = sent.get(header.id) ?? before ?? {};
    const result = resultOf(header, arrays, { before, seeds, theory });
    return failure === null ? { result } : { result, errors: [], failure: null };
  }

  /**
   * @param {import("../types").Header} header
   * @param {import("../types").Frame["arrays"]} arrays
   */
  function takeHeights(header, arrays) {
    heightsShown = heightsWanted;
    if (!viewWanted) return {};
    const heights = heightsOf(header, arrays, viewWanted);
    // Paths on another ground than their own would be taken for what they are not.
    return typedIn(sent.get(header.id)) === typedFor ? { heights } : { heights, result: null };
  }

  store.subscribe(["comparison"], ({ comparison, moved, result, failure }) => {
    window.clearTimeout(settling);
    settling = window.setTimeout(() => store.get().moving && store.update({ moving: false }), SETTLED_AFTER);
    if (result && failure === null && comparison.runs.every(sound) && bare(comparison) === bare(before)) {
      // Names and colours alone are others, about which the server need not be asked.
      before = comparison;
      store.update({ result: { ...result } });
      return;
    }
    if (problemOf(comparison) !== problemOf(before) || kindsOf(comparison) !== kindsOf(before)) forget();
    if (problemOf(comparison) !== problemOf(before)) {
      heightsShown = "";
      store.update({ result: null, heights: null, landscape: null });
    } else if (result && kindsOf(comparison) !== kindsOf(before)) {
      store.update({ result: { ...result, runs: matched(comparison, before, result.runs) }, landscape: null });
    }
    before = comparison;
    if (moved !== null) unasked.push([MEASURE, moved]);
    ask();
  });
  store.subscribe(["view"], ({ framed, zoomed }) => {
    if (framed && zoomed !== null) unasked.push([ZOOM_MEASURE, zoomed]);
    ask();
  });
  store.subscribe(["theory"], ({ theory }) => theory && ask());
  store.subscribe(["plane"], () => {
    surveyed = 0;
    survey();
  });
  store.subscribe(["moving", "result"], survey);
  store.subscribe(["moving", "result", "heights"], refine);
}

/** @param {import("../types").Run} run */
const keyOf = ({ label, color, ...computed }) => JSON.stringify(computed);

/** @param {import("../types").Comparison} comparison */
const bare = ({ runs, ...others }) => JSON.stringify([others, runs.map(keyOf)]);

/**
 * Whether the server would take a run's name and colour.
 * @param {import("../types").Run} run
 */
const sound = ({ label, color }) => (label ?? "").length <= LONGEST_LABEL && /^#[0-9a-f]{6}$/i.test(color ?? "#000000");

/** @param {import("../types").Comparison} [comparison] */
const typedIn = (comparison) => String(comparison?.problem.expression ?? "");

/** @param {import("../types").Comparison} comparison */
const kindsOf = ({ runs }) => runs.map((run) => run.optimizer).join();

/**
 * What is known of the runs of a comparison from the one before it, until the server says more.
 * @param {import("../types").Comparison} comparison
 * @param {import("../types").Comparison} before
 * @param {import("../types").RunResult[]} known
 */
function matched(comparison, before, known) {
  const keys = before.runs.map(keyOf);
  return comparison.runs.map((run) => known[keys.indexOf(keyOf(run))] ?? { status: "ok", steps: 0, arrays: {} });
}
