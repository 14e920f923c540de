// How many seeds each run is run with: one path, or a cloud of them.
import { catalog } from "../base/catalog.js";
import { change } from "../base/change.js";
import { picker } from "../controls/controls.js";
import { h } from "../base/dom.js";
import { t } from "../base/language.js";

const OFFERED = [1, 16, 64, 256];

/**
 * Whether anything is left to chance, so that seeds make a difference.
 * @param {import("../types").Comparison} comparison
 */
const randomOf = ({ problem, noise, runs }) =>
  problem.kind === "data" || [noise, ...runs.map((run) => run.noise)].some((one) => one && one.kind !== "none");

/**
 * What may be chosen: fewer seeds where there are many runs.
 * @param {import("../types").Comparison} comparison
 */
function offeredSeeds({ seeds = 1, runs }) {
  const { seeds: each, members } = catalog.limits;
  const most = Math.min(each.le ?? 1, Math.floor((members.le ?? 1) / runs.length));
  return [...new Set([...OFFERED.filter((count) => count <= most), seeds])].sort((one, other) => one - other);
}

/**
 * What the row is built for.
 * @param {import("../types").Comparison} comparison
 */
export const seedsShape = (comparison) => [comparison.seeds ?? 1, offeredSeeds(comparison), randomOf(comparison)];

/** @param {import("../types").Store} store */
export function seedsRow(store) {
  const { comparison } = store.get();
  const now = comparison.seeds ?? 1;
  const row = h("div", { class: "plain" }, [
    h("span", { text: t("seeds.title") }),
    picker({
      name: "seeds",
      label: t("seeds.label"),
      entries: offeredSeeds(comparison).map((count) => ({
        value: String(count),
        title: count === 1 ? t("seeds.one") : t("seeds.many", { count }),
      })),
      value: String(now),
      choose: (count) => change(store, (edited) => void (edited.seeds = Number(count))),
    }),
  ]);
  const words = now === 1 ? "" : t(randomOf(comparison) ? "seeds.hint" : "seeds.alike");
  return h("div", {}, [row, ...(words ? [h("p", { class: "hint", text: words })] : [])]);
}
