// Which plane through the weights is shown, and how much of the paths it holds.
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";

const A_DOT = 0.04; // of the plane's width

const KINDS = ["pca", "random"];

/** @type {import("../types").Mount} */
export function mount(element, store) {
  const chips = KINDS.map((kind) =>
    h("button", {
      type: "button",
      class: "chip",
      text: t(`plane.${kind}`),
      onclick: () => store.update({ plane: { kind } }),
    }),
  );
  const words = h("span", { class: "muted" });
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", t("plane.label"));
  element.append(...chips, words);

  function show() {
    const { comparison, plane, landscape } = store.get();
    renew(element, { hidden: comparison.problem.kind !== "network" });
    chips.forEach((chip, place) => renew(chip, { "aria-pressed": String(KINDS[place] === plane.kind) }));
    const share = landscape?.axes.reduce((sum, axis) => sum + (axis.variance ?? 0), 0) ?? 0;
    const size = landscape?.x.length ?? 0;
    const percent = Math.round(100 * share);
    renew(words, { text: size ? t(share ? "plane.words_variance" : "plane.words", { size, percent }) : "" });
  }
  const stop = store.subscribe(["comparison", "plane", "landscape"], show);
  show();
  return () => {
    stop();
    element.replaceChildren();
  };
}

/**
 * Why all paths of a network are one dot, where they are: random directions are next to square to every way.
 * @param {import("../types").State} state
 * @returns {string} nothing where the paths can be seen
 */
export function collapsed({ comparison, landscape, plane }) {
  if (comparison.problem.kind !== "network" || plane.kind !== "random" || !landscape?.runs.length) return "";
  const [left = 0, right = 1] = [landscape.x[0], landscape.x[landscape.x.length - 1]];
  const reach = Math.max(...landscape.runs.map(({ xy }) => reachOf(xy ?? new Float32Array())));
  const share = reach / (right - left);
  return share < A_DOT ? t("plane.collapsed", { percent: Number((100 * share).toPrecision(1)) }) : "";
}

/**
 * The longer side of the box around points.
 * @param {Float32Array} pairs
 */
function reachOf(pairs) {
  let [low, high] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  for (let place = 0; place < pairs.length; place += 2) {
    const point = [pairs[place] ?? 0, pairs[place + 1] ?? 0];
    low = low.map((value, axis) => Math.min(value, point[axis] ?? 0));
    high = high.map((value, axis) => Math.max(value, point[axis] ?? 0));
  }
  return Math.max(0, ...high.map((value, axis) => value - (low[axis] ?? 0)));
}
