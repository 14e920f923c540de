// The runs in numbers: a table that can be sorted, and copied for a spreadsheet.
import { catalog, find, looks } from "../base/catalog.js";
import { h, replaceKeepingFocus } from "../base/dom.js";
import { t } from "../base/language.js";
import { least, lowestOf, measures } from "./measures.js";
import { plain, short } from "../base/numbers.js";

const SAID_FOR = 1500;
const PERCENT = new Set(["zigzag", "accuracy"]);

/** @typedef {Record<string, string | number | null>} Told by column */
/** @typedef {{ color: string, place: number, told: Told }} Row `place` is that of its run */

/**
 * @param {HTMLElement} element
 * @param {import("../types").Store} store
 */
export function createTable(element, store) {
  /** @type {{ column: string, up: boolean } | null} null is the order of the runs */
  let order = null;
  /** @type {unknown[]} what the table was made from: it stands while the playhead moves */
  let made = [];
  /** @type {{ columns: string[], rows: Row[] }} */
  let shown = { columns: [], rows: [] };
  const body = h("div", { class: "table-rows" });
  const copy = h("button", { type: "button", class: "quiet", text: t("table.copy") });
  copy.addEventListener("click", () => copied(copy, withSettings(shown, store.get().comparison)));
  element.append(body, copy);

  function draw() {
    const state = store.get();
    const from = [state.result, state.heights, state.comparison, state.theme, order];
    if (made.length && from.every((one, place) => one === made[place])) return;
    made = from;
    const rows = rowsOf(state);
    const columns = Object.keys(rows[0]?.told ?? {});
    if (order) {
      const { column, up } = order;
      rows.sort((one, other) => (up ? 1 : -1) * compare(one.told[column], other.told[column]));
    }
    shown = { columns, rows };
    const head = columns.map((column) => {
      const way = order?.column === column ? (order.up ? "ascending" : "descending") : "none";
      const title = t(`table.${column}_title`);
      const sort = h("button", { type: "button", text: t(`table.${column}`), title, onclick: () => turn(column) });
      return h("th", { scope: "col", "aria-sort": way }, [sort]);
    });
    const lines = rows.map(({ color, told }) => {
      const dot = h("span", { class: "dot" });
      dot.style.setProperty("--run", color);
      return h(
        "tr",
        {},
        columns.map((column) =>
          column === "run"
            ? h("th", { scope: "row" }, [dot, String(told.run)])
            : h("td", { text: written(column, told[column] ?? null) }),
        ),
      );
    });
    replaceKeepingFocus(body, [h("table", {}, [h("thead", {}, [h("tr", {}, head)]), h("tbody", {}, lines)])]);
  }

  /** @param {string} column */
  function turn(column) {
    if (order?.column !== column) order = { column, up: true };
    else order = order.up ? { column, up: false } : null;
    draw();
  }

  return { draw };
}

/**
 * @param {import("../types").State} state
 * @returns {Row[]}
 */
function rowsOf({ comparison, result, heights, theme }) {
  const network = comparison.problem.kind === "network";
  const runs = result?.runs ?? [];
  const lowest = lowestOf(runs, heights?.minima ?? []);
  const last = (/** @type {Float32Array | undefined} */ values) => values?.[values.length - 1] ?? null;
  /** @type {Row[]} */
  const rows = [];
  looks(comparison, theme).forEach(({ name, color }, place) => {
    const run = runs[place];
    if (!run) return;
    const ended = { status: t(`status.${run.status}`), steps: run.steps };
    const { test_loss, test_accuracy } = run.arrays;
    const told = network
      ? { final: last(test_loss), best: least(test_loss), accuracy: last(test_accuracy) }
      : measures(run, lowest, heights?.minima ?? []);
    rows.push({ color, place, told: { run: name, ...told, ...ended } });
  });
  return rows;
}

/**
 * @param {string} column
 * @param {string | number | null} value
 */
function written(column, value) {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  return PERCENT.has(column) ? `${short(Number((100 * value).toPrecision(2)))} %` : short(value);
}

/**
 * Numbers by size, words by letters, what is missing last.
 * @param {string | number | null | undefined} one
 * @param {string | number | null | undefined} other
 */
function compare(one, other) {
  if (typeof one === "string" && typeof other === "string") return one.localeCompare(other);
  return (typeof one === "number" ? one : Infinity) - (typeof other === "number" ? other : Infinity) || 0;
}

/**
 * The table, and beside its columns what each run was set to.
 * @param {{ columns: string[], rows: Row[] }} shown
 * @param {import("../types").Comparison} comparison
 * @returns {{ heads: string[], lines: (string | number | null | undefined)[][] }}
 */
function withSettings({ columns, rows }, { runs }) {
  const set = rows.map(({ place }) => settingsOf(runs[place]));
  const names = [...new Set(set.flatMap((one) => Object.keys(one)))];
  return {
    heads: [...columns.map((column) => t(`table.${column}`)), ...names],
    lines: rows.map(({ told }, line) => [
      ...columns.map((column) => told[column]),
      ...names.map((name) => set[line]?.[name]),
    ]),
  };
}

/**
 * What a run was set to, under the names that the comparison has for it.
 * @param {import("../types").Run | undefined} run
 * @returns {Told}
 */
function settingsOf(run) {
  const entry = find(catalog.optimizers, run?.optimizer);
  if (!run || !entry) return {};
  const numbers = entry.parameters.map(({ name, default: usual }) => [name, run[name] ?? usual]);
  const switches = (entry.switches ?? []).map(({ name, default: usual }) => [name, String(run[name] ?? usual)]);
  return { optimizer: run.optimizer, ...Object.fromEntries([...numbers, ...switches]), ...changesOf(run) };
}

/**
 * How the numbers of a run change on the way: by its schedule, and where it forked.
 * @param {import("../types").Run} run
 * @returns {Told}
 */
function changesOf({ schedule, fork }) {
  const { kind = catalog.schedules[0]?.name ?? "", ...numbers } = schedule ?? {};
  const turned = Object.entries(fork?.values ?? {}).map(([name, value]) => [`fork.${name}`, value]);
  return {
    schedule: kind,
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`schedule.${name}`, cellOf(value)])),
    ...(fork ? { "fork.at": fork.at } : {}),
    ...Object.fromEntries(turned),
  };
}

const cellOf = (/** @type {unknown} */ value) => (typeof value === "number" ? value : [value].flat().join(" "));

/**
 * @param {HTMLElement} button
 * @param {ReturnType<typeof withSettings>} table
 */
async function copied(button, { heads, lines: rows }) {
  const quoted = (/** @type {string} */ text) => (/[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const cell = (/** @type {string | number | null | undefined} */ value) =>
    typeof value === "string" ? quoted(value) : Number.isFinite(value ?? Number.NaN) ? plain(value ?? 0) : "";
  const lines = [heads.map(quoted), ...rows.map((row) => row.map(cell))];
  let said = "table.copied";
  try {
    await navigator.clipboard.writeText(`${lines.map((line) => line.join(",")).join("\n")}\n`);
  } catch {
    said = "table.not_copied";
  }
  button.textContent = t(said);
  window.setTimeout(() => void (button.textContent = t("table.copy")), SAID_FOR);
}
