// Which plane through the weights is shown, and how much of the paths it holds.
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";

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
