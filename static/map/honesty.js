// How honest the picture is: a plane shows two directions of thousands; the rest is said in numbers.
import { looks } from "../base/catalog.js";
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { short } from "../base/numbers.js";

/** @type {import("../types").Mount} */
export function mount(element, store) {
  /** @type {unknown} */
  let told = null;
  let toldFor = "";

  function show() {
    const { comparison, landscape, theme } = store.get();
    renew(element, { hidden: comparison.problem.kind !== "network" });
    if (element.hidden) return;
    const look = looks(comparison, theme);
    // While a slider moves the landscape is the last one, and said to be.
    if (told === (landscape?.runs ?? "nothing") && toldFor === JSON.stringify(look)) return;
    told = landscape?.runs ?? "nothing";
    toldFor = JSON.stringify(look);
    const title = h("h2", { text: t("honesty.title") });
    if (!landscape?.runs.length)
      return element.replaceChildren(title, h("p", { class: "muted", text: t("honesty.waiting") }));
    const end = (/** @type {Float32Array | undefined} */ values) => values?.[values.length - 1];
    const last = (/** @type {Float32Array | undefined} */ values) => end(values) ?? 0;
    const longest = Math.max(...landscape.runs.flatMap((run) => [last(run.travelled), last(run.off_plane)]), 1e-9);
    // A coarse landscape has no losses of the runs yet.
    const number = (/** @type {number | undefined} */ value) =>
      value === undefined ? "…" : short(Number(value.toPrecision(2)));
    const cell = (/** @type {string} */ text, kind = "") => h("td", { class: kind, text });
    const rows = landscape.runs.map((run, place) => {
      const [off, travelled] = [last(run.off_plane), last(run.travelled)];
      const bar = h("div", { class: "bar" }, [h("span", { class: "travelled" }), h("span", { class: "off" })]);
      bar.style.setProperty("--run", look[place]?.color ?? "");
      bar.style.setProperty("--travelled", `${(100 * travelled) / longest}%`);
      bar.style.setProperty("--off", `${(100 * off) / longest}%`);
      return h("tr", {}, [
        h("th", { scope: "row", text: look[place]?.name ?? "" }),
        h("td", { class: "bar-cell" }, [bar]),
        cell(t("honesty.share", { off: number(off), travelled: number(travelled) })),
        cell(number(end(run.true_loss))),
        cell(number(end(run.plane_loss)), "muted"),
      ]);
    });
    const heads = ["off", "loss", "plane"].map((name) =>
      h("th", { scope: "col", text: t(`honesty.${name}`), title: t(`honesty.${name}_title`) }),
    );
    element.replaceChildren(
      title,
      h("p", { class: "muted", text: t("honesty.words") }),
      h("table", { class: "bars" }, [
        h("thead", {}, [h("tr", {}, [h("td"), h("td"), ...heads])]),
        h("tbody", {}, rows),
      ]),
    );
  }
  const stop = store.subscribe(["landscape", "theme", "comparison"], show);
  show();
  return () => {
    stop();
    element.replaceChildren();
  };
}
