// How honest the picture is: a plane shows two directions of thousands; the rest is said in numbers.
import { looks } from "./catalog.js";
import { h, renew } from "./dom.js";
import { t } from "./language.js";
import { short } from "./numbers.js";

/** @type {import("./types").Mount} */
export function mount(element, store) {
  function show() {
    const { comparison, landscape, theme } = store.get();
    renew(element, { hidden: comparison.problem.kind !== "network" });
    if (element.hidden) return;
    const title = h("h2", { text: t("honesty.title") });
    if (!landscape?.runs.length)
      return element.replaceChildren(title, h("p", { class: "muted", text: t("honesty.waiting") }));
    const look = looks(comparison, theme);
    const last = (/** @type {Float32Array | undefined} */ values) => values?.[values.length - 1] ?? 0;
    const longest = Math.max(...landscape.runs.flatMap((run) => [last(run.travelled), last(run.off_plane)]), 1e-9);
    const bars = landscape.runs.map((run, place) => {
      const off = last(run.off_plane);
      const bar = h("div", { class: "bar" }, [h("span", { class: "travelled" }), h("span", { class: "off" })]);
      bar.style.setProperty("--run", look[place]?.color ?? "");
      bar.style.setProperty("--travelled", `${(100 * last(run.travelled)) / longest}%`);
      bar.style.setProperty("--off", `${(100 * off) / longest}%`);
      const numbers = {
        off: short(Number(off.toPrecision(2))),
        travelled: short(Number(last(run.travelled).toPrecision(2))),
      };
      const losses = {
        real: short(Number(last(run.true_loss).toPrecision(2))),
        plane: short(Number(last(run.plane_loss).toPrecision(2))),
      };
      return h("li", {}, [
        h("span", { class: "bar-name", text: look[place]?.name ?? "" }),
        bar,
        h("span", { class: "bar-text", text: t("honesty.bar", numbers) }),
        h("span", { class: "bar-text muted", text: t("honesty.loss", losses) }),
      ]);
    });
    element.replaceChildren(
      title,
      h("p", { class: "muted", text: t("honesty.words") }),
      h("ul", { class: "bars" }, bars),
    );
  }
  const stop = store.subscribe(["landscape", "theme", "comparison"], show);
  show();
  return () => {
    stop();
    element.replaceChildren();
  };
}
