// What theory says about the runs: how curved the loss is, how large α may be, what is best, and how fast it must fall.
import { looks } from "../base/catalog.js";
import { change } from "../base/change.js";
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { grouped, short } from "../base/numbers.js";

const DIGITS = 4;

/** @typedef {import("../schema").RunTheory} Told */
/** @typedef {Record<"head" | "name" | "best" | "meter" | "fill" | "limit" | "fastest" | "slope" | "here", HTMLElement>} Row */

/**
 * Whether theory can be told: of losses of two parameters.
 * @param {import("../types").State} state
 */
export const hasTheory = ({ comparison }) => comparison.problem.kind !== "network";

/** @param {import("../types").Store} store */
export function toggleTheory(store) {
  if (hasTheory(store.get())) store.update({ theory: !store.get().theory });
}

/** @type {import("../types").Mount} */
export function mount(element, store) {
  const open = h("button", { type: "button", class: "theory-head", onclick: () => toggleTheory(store) }, [
    h("h2", { text: t("theory.title") }),
  ]);
  const ground = h("p", { class: "theory-ground" });
  const holds = h("p");
  const list = h("div", { class: "theory-runs" });
  const body = h("div", { class: "theory-body", id: "theory-body" }, [ground, holds, list]);
  open.setAttribute("aria-controls", "theory-body");
  element.append(open, body);
  /** @type {Row[]} */
  let rows = [];

  /** @param {number} place */
  function row(place) {
    const made = {
      name: h("strong"),
      best: h("button", { type: "button", class: "small", text: t("theory.use"), onclick: () => use(place) }),
      fill: h("span"),
      limit: h("p"),
      fastest: h("p"),
      slope: h("p"),
      here: h("p"),
    };
    const meter = h("div", { class: "meter", role: "meter", "aria-valuemin": 0, "aria-valuemax": 1 }, [made.fill]);
    const head = h("div", { class: "theory-name" }, [h("span", { class: "dot" }), made.name, made.best]);
    return { ...made, meter, head };
  }

  /** @param {number} place */
  function use(place) {
    const best = store.get().result?.theory?.[place]?.best;
    if (!best) return;
    change(store, (edited) => {
      const rounded = Object.entries(best.numbers).map(([name, value]) => [name, roundedBelow(value)]);
      Object.assign(edited.runs[place] ?? {}, Object.fromEntries(rounded));
    });
  }

  function draw() {
    const state = store.get();
    renew(element, { hidden: !hasTheory(state) });
    renew(open, { "aria-expanded": String(state.theory) });
    renew(body, { hidden: !state.theory });
    const told = state.result?.theory;
    if (!state.theory || told?.length !== state.comparison.runs.length) return;
    if (rows.length !== told.length) {
      rows = told.map((_, place) => row(place));
      list.replaceChildren(
        ...rows.map(({ head, meter, limit, fastest, slope, here }) =>
          h("div", { class: "theory-run" }, [head, meter, limit, fastest, slope, here]),
        ),
      );
    }
    renew(ground, { text: told[0] ? groundOf(told[0]) : "" });
    const condition = holdsFor(state);
    renew(holds, { text: condition, hidden: !condition });
    const look = looks(state.comparison, state.theme);
    told.forEach((one, place) => {
      const made = rows[place];
      const card = made?.head.parentElement;
      if (!made || !card) return;
      renew(card, { style: `--run: ${look[place]?.color}`, hidden: state.hidden.includes(place) });
      const name = look[place]?.name ?? "";
      renew(made.name, { text: name });
      renew(made.best, { "aria-label": t("theory.use_for", { name }) });
      drawRow(made, one, told[0], place);
    });
  }

  /**
   * @param {Row} made
   * @param {Told} one
   * @param {Told | undefined} first what is said of all runs is about its minimum
   * @param {number} place
   */
  function drawRow(made, one, first, place) {
    const { result, playhead } = store.get();
    const arrays = result?.runs[place]?.arrays ?? {};
    const rates = arrays.lr ?? new Float32Array();
    const lr = rates[Math.min(playhead ?? Infinity, rates.length - 1)] ?? Number.NaN;
    const share = one.limit ? lr / one.limit : null;
    renew(made.best, { hidden: !one.best });
    renew(made.meter, {
      hidden: share === null,
      class: share !== null && share > 1 ? "meter beyond" : "meter",
      "aria-valuenow": share === null ? "0" : String(Math.min(1, share)),
      "aria-label": t("theory.share"),
    });
    renew(made.fill, { style: `width: ${share === null ? 0 : Math.min(100, 100 * share)}%` });
    const elsewhere = first && String(first.point) !== String(one.point) ? `${groundOf(one)} ` : "";
    const limited = one.limit ? t("theory.limit", { lr: short(lr), limit: short(one.limit) }) : t("theory.no_limit");
    renew(made.limit, { text: elsewhere + limited });
    renew(made.fastest, { hidden: !one.best, text: one.best ? bestOf(one.best) : "" });
    renew(made.slope, { hidden: !one.slope, text: one.slope ? slopeOf(one.slope) : "" });
    drawHere(made.here, one, lr, arrays.curvatures, playhead);
  }

  /**
   * The curvature at the playhead, and whether α is too large for it. All limits are in proportion to 1 / λmax.
   * @param {HTMLElement} line
   * @param {Told} one
   * @param {number} lr
   * @param {Float32Array | undefined} curvatures
   * @param {number | null} playhead
   */
  function drawHere(line, one, lr, curvatures, playhead) {
    const [low, high] = playhead === null ? [] : (curvatures?.subarray(2 * playhead, 2 * playhead + 2) ?? []);
    if (low === undefined || high === undefined) return renew(line, { hidden: true });
    const beyond = Boolean(one.limit && high > 0 && (lr * high) / one.curvatures[1] > one.limit);
    const bent = { low: short(low), high: short(high) };
    const said = one.sampled
      ? t("theory.here_sampled", { ...bent, rows: grouped(one.sampled) })
      : t("theory.here", bent);
    renew(line, {
      hidden: false,
      class: beyond ? "beyond" : "",
      text: beyond ? `${said} ${t("theory.beyond_here")}` : said,
    });
  }

  const stops = [
    store.subscribe(["result", "playhead", "theory", "hidden", "theme"], draw),
    store.subscribe(["comparison"], (state) => void (element.hidden === hasTheory(state) && draw())),
  ];
  draw();
  return () => {
    for (const stop of stops) stop();
    element.replaceChildren();
  };
}

/**
 * Four digits, or as many as tell a momentum that is just below 1 from 1.
 * @param {number} value
 */
function roundedBelow(value) {
  let digits = DIGITS;
  while (value < 1 && Number(value.toPrecision(digits)) >= 1) digits += 1;
  return Number(value.toPrecision(digits));
}

/**
 * For which steps the limits hold, where there are others too: of mini-batches, or with noise.
 * @param {import("../types").State} state
 */
function holdsFor({ comparison: { problem, noise, runs } }) {
  const sizes = runs.map((run) => Number(run.problem?.batch_size ?? problem.batch_size));
  if (problem.kind === "data" && sizes.some((size) => size < Number(problem.rows)))
    return t("theory.full_batch", { rows: grouped(Number(problem.rows)) });
  const noisy = runs.some((run) => ![undefined, "none"].includes((run.noise ?? noise)?.kind));
  return noisy ? t("theory.without_noise") : "";
}

/** @param {Told} told */
function groundOf({ point: [x, y], minimum, curvatures: [low, high], condition }) {
  const where = t(minimum ? "theory.minimum" : "theory.end", { x: short(x), y: short(y) });
  const bent = t("theory.curvatures", { low: short(low), high: short(high) });
  return condition === null
    ? `${where}: ${bent}.`
    : `${where}: ${bent}, ${t("theory.condition", { condition: short(condition) })}.`;
}

/** @param {NonNullable<Told["best"]>} best */
function bestOf({ numbers, rate }) {
  const { lr = Number.NaN, rho } = numbers;
  const settings = rho === undefined ? `α ${short(lr)}` : `α ${short(lr)}, ρ ${short(rho)}`;
  return t("theory.best", { settings, rate: short(rate) });
}

/** @param {NonNullable<Told["slope"]>} slope */
function slopeOf({ first, last, predicted, measured }) {
  const stretch = { first, last, measured: short(measured) };
  return predicted === null
    ? t("theory.measured", stretch)
    : t("theory.slope", { ...stretch, predicted: short(predicted) });
}
