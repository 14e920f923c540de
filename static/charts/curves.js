// The charts below the map: one or two, over the same steps, with the same playhead.
import { createChart } from "./chart.js";
import { picker } from "../controls/controls.js";
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { chartsOf } from "./series.js";

/** What a chart beside the first one shows at the beginning. */
const BESIDE = ["rows", "grad_norm", "loss"];
/** Where there is room for two charts, as the style sheet has it. */
const WIDE = window.matchMedia("(min-width: 1001px)");

/** @type {import("../types").Mount} */
export function mount(element, store) {
  const names = () => chartsOf(store.get());
  const shown = () => {
    const { chart } = store.get();
    return names().includes(chart) ? chart : "loss";
  };
  const beside = () => {
    const { second } = store.get();
    if (second && names().includes(second)) return second;
    return BESIDE.find((name) => name !== shown() && names().includes(name)) ?? "loss";
  };
  /** Beside each other, unless told otherwise, where there are rows: the line goes through them as the loss falls. */
  const isTwo = () => {
    const { second, comparison } = store.get();
    return second === undefined ? comparison.problem.kind === "data" && WIDE.matches : second !== null;
  };
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": t("chart.label") });
  const first = createChart(store, shown);
  const split = h("button", { type: "button", class: "icon split", onclick: turn });
  const list = chartList("chart", shown, (chart) => store.update({ chart }));
  const head = h("div", { class: "chart-head" }, [tabs, list.element, first.options, split]);
  const one = h("div", { class: "chart" }, [head, first.stage]);
  element.append(one);
  let tabShape = "";
  /** @type {{ element: HTMLElement, list: ReturnType<typeof chartList>, chart: ReturnType<typeof createChart> } | null} */
  let other = null;

  /**
   * The charts as a list to choose from: two of them have no room for a row of tabs each.
   * @param {string} name
   * @param {() => string} chosen
   * @param {(chart: string) => void} choose
   */
  function chartList(name, chosen, choose) {
    const holder = h("span");
    let listed = "";
    return {
      element: holder,
      draw() {
        if (listed !== names().join()) {
          listed = names().join();
          const entries = names().map((value) => ({ value, title: t(`chart.${value}`) }));
          const label = t(`chart.which_${name}`);
          holder.replaceChildren(picker({ name, label, kind: "small", entries, value: chosen(), choose }));
        }
        const select = holder.querySelector("select");
        if (select && select.value !== chosen()) select.value = chosen();
      },
    };
  }

  function turn() {
    store.update({ second: isTwo() ? null : beside() });
  }

  function drawTabs() {
    if (tabShape !== names().join()) {
      tabShape = names().join();
      tabs.replaceChildren(
        ...names().map((name) =>
          h("button", {
            type: "button",
            role: "tab",
            "data-chart": name,
            text: t(`chart.${name}`),
            title: t(`chart.${name}_title`),
            onclick: () => store.update({ chart: name }),
          }),
        ),
      );
    }
    for (const tab of tabs.querySelectorAll("button")) {
      const chosen = tab.dataset.chart === shown();
      renew(tab, { "aria-selected": String(chosen), tabindex: chosen ? "0" : "-1" });
    }
    const two = isTwo();
    renew(tabs, { hidden: two });
    renew(list.element, { hidden: !two });
    if (two) list.draw();
    const says = t(two ? "chart.one" : "chart.two");
    renew(split, { "aria-label": says, title: says, "aria-pressed": String(two) });
  }

  tabs.addEventListener("keydown", (event) => {
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!turn) return;
    const next = names()[(names().indexOf(shown()) + turn + names().length) % names().length];
    if (next) store.update({ chart: next });
    const now = tabs.querySelector('[aria-selected="true"]');
    if (now instanceof HTMLElement) {
      now.focus();
      now.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  });

  function makeOther() {
    const chart = createChart(store, beside);
    const list = chartList("second", beside, (second) => store.update({ second }));
    const head = h("div", { class: "chart-head" }, [list.element, chart.options]);
    const made = h("div", { class: "chart second" }, [head, chart.stage]);
    element.append(made);
    return { element: made, list, chart };
  }

  function drawOther() {
    if (!isTwo()) {
      other?.chart.stop();
      other?.element.remove();
      other = null;
      return;
    }
    other ??= makeOther();
    other.list.draw();
    other.chart.draw();
  }

  function draw() {
    drawTabs();
    first.draw();
    drawOther();
  }

  const stops = [
    store.subscribe(
      [
        "result",
        "playhead",
        "hidden",
        "ghosts",
        "theory",
        "theme",
        "chart",
        "second",
        "selected",
        "scales",
        "above",
        "coordinate",
        "slot",
        "heights",
      ],
      draw,
    ),
    // While a hand moves the axis stays where it is; at rest it fits again.
    store.subscribe(["moving"], ({ moving }) => void (!moving && draw())),
  ];
  WIDE.addEventListener("change", draw);
  draw();
  return () => {
    WIDE.removeEventListener("change", draw);
    first.stop();
    other?.chart.stop();
    for (const stop of stops) stop();
    element.replaceChildren();
  };
}
