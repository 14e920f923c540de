// A formula that somebody types: read by the server while it is typed, shown as it is written, pointed at where it is
// wrong. The picture stays until the text is right again.
import { catalog, problemEntry } from "../base/catalog.js";
import { change } from "../base/change.js";
import { number } from "../controls/controls.js";
import { formula, h, renew } from "../base/dom.js";
import { Refused, describe, turnToFormula } from "./formulas.js";
import { t } from "../base/language.js";
import { short } from "../base/numbers.js";

const PAUSE = 250;
const AROUND = 24; // characters shown on each side of a wrong one
const MOST_POINTS = 12;
const KINDS = ["minimum", "saddle", "maximum", "degenerate"];

/**
 * @param {import("../types").Store} store
 * @param {ReturnType<typeof import("../controls/bindings").createBindings>["bind"]} bind
 */
export function createFormulaField(store, bind) {
  const field = h("textarea", {
    name: "expression",
    class: "text formula-text",
    rows: 1,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    enterkeyhint: "go",
    "aria-label": t("formula.label"),
    "aria-describedby": "formula-words formula-help",
  });
  const where = h("p", { class: "formula-where", "aria-hidden": "true", hidden: true });
  const words = h("p", { class: "complaint", id: "formula-words", role: "alert" });
  const written = h("div", { class: "formula-written" });
  const counts = h("summary");
  const points = h("table", { class: "formula-points" });
  const proposed = h("p", { class: "hint", role: "status" });
  const found = h("details", { class: "formula-found" }, [counts, points]);
  const propose = h("button", {
    type: "button",
    class: "chip",
    "data-act": "propose",
    text: t("formula.propose"),
    title: t("formula.propose_title"),
    onclick: () => turn({ kind: "formula", expression: present().expression }),
  });
  let timer = 0;
  let shown = "";
  /** @type {AbortController | null} */
  let asking = null;
  /** @type {import("../types").Entry | null} */
  let described = null;

  const present = () => store.get().comparison.problem;

  /** @param {import("../types").Problem} problem */
  async function turn(problem) {
    window.clearTimeout(timer);
    asking?.abort();
    const asked = (asking = new AbortController());
    try {
      await describe(problem, asked.signal);
      if (asked.signal.aborted || present().kind !== "formula") return;
      complain("");
      let suited = false;
      change(store, (edited) => void (suited = turnToFormula(edited, problem)));
      renew(proposed, { text: suited ? t("formula.proposed") : "" });
    } catch (error) {
      if (asked.signal.aborted) return;
      if (!(error instanceof Refused)) return complain(t("formula.no_answer"));
      complain(error.message, error.errors[0]?.column);
    }
  }

  /** Take what stands in the field for the formula. */
  function take() {
    const { domain } = present();
    turn({ kind: "formula", expression: field.value, ...(domain ? { domain } : {}) });
  }

  /**
   * Say what is wrong, and point at the character.
   * @param {string} message
   * @param {number | null} [column] counted from 1
   */
  function complain(message, column) {
    renew(words, { text: message });
    renew(field, { "aria-invalid": message ? "true" : false });
    renew(where, { hidden: !column });
    if (!column) return;
    const text = field.value;
    const [from, to] = [Math.max(0, column - 1 - AROUND), column + AROUND];
    where.replaceChildren(
      (from ? "…" : "") + text.slice(from, column - 1),
      h("mark", { text: text[column - 1]?.trim() ? (text[column - 1] ?? "") : "\u00a0" }),
      text.slice(column, to) + (text.length > to ? "…" : ""),
    );
  }

  field.addEventListener("input", () => {
    // A pasted text may have several lines; a formula has one.
    if (/[\r\n]/.test(field.value)) field.value = field.value.replace(/[\r\n]+/g, " ");
    window.clearTimeout(timer);
    timer = window.setTimeout(take, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    take();
  });

  const examples = h(
    "div",
    { class: "formula-examples", role: "group", "aria-label": t("formula.examples") },
    catalog.formula.examples.map((text) =>
      h("button", {
        type: "button",
        class: "chip",
        text,
        onclick() {
          field.value = text;
          turn({ kind: "formula", expression: text });
        },
      }),
    ),
  );
  const help = h("details", { class: "formula-help" }, [
    h("summary", { text: t("formula.help") }),
    h("p", { id: "formula-help", text: t("formula.help_signs", { constants: catalog.formula.constants.join(", ") }) }),
    h("p", { text: catalog.formula.functions.map((name) => `${name}()`).join(" ") }),
  ]);

  /**
   * @param {0 | 1} axis
   * @param {0 | 1} end
   */
  function edge(axis, end) {
    const name = /** @type {const} */ (["x_from", "x_to", "y_from", "y_to"])[2 * axis + end] ?? "x_from";
    const control = number({
      name,
      label: t(`formula.${name}`),
      value: 0,
      valid: catalog.limits.start,
      choose(value) {
        const entry = problemEntry(store.get().comparison);
        const domain = structuredClone(entry?.domain);
        if (!domain) return;
        domain[axis][end] = value;
        if (domain[axis][0] < domain[axis][1]) turn({ kind: "formula", expression: present().expression, domain });
        else control.complain(t("formula.order"));
      },
    });
    return bind(["problem", "domain", axis, end], control);
  }

  const element = h("div", { class: "formula-field" }, [
    field,
    where,
    words,
    written,
    examples,
    help,
    h("div", { class: "pair" }, [edge(0, 0), edge(0, 1)]),
    h("div", { class: "pair" }, [edge(1, 0), edge(1, 1)]),
    h("p", { class: "hint", text: t("formula.window") }),
    propose,
    proposed,
    found,
  ]);

  /** @param {import("../types").Entry | undefined} entry */
  function show(entry) {
    const text = String(present().expression ?? "");
    if (text !== shown) {
      // What somebody is typing is not written over by an answer to what stood there a moment ago.
      if (document.activeElement !== field) {
        field.value = text;
        complain("");
      }
      shown = text;
    }
    renew(propose, { disabled: !present().domain });
    if (!entry?.stationary || described === entry) return;
    described = entry;
    written.replaceChildren(formula(entry.mathml, true));
    const named = entry.stationary;
    const told = KINDS.map((kind) => [kind, named.filter((point) => point.kind === kind).length])
      .filter(([, count]) => count)
      .map(([kind, count]) => t(`formula.${kind}.${count === 1 ? "one" : "many"}`, { count: count ?? 0 }));
    const flat = !/\b[xy]\b/.test(text);
    counts.textContent = told.join(", ") || t(flat ? "formula.flat" : "formula.none");
    points.replaceChildren(
      ...named
        .slice(0, MOST_POINTS)
        .map(({ kind, x, y, value }) =>
          h("tr", {}, [
            h("th", { scope: "row", text: t(`formula.${kind}`) }),
            h("td", { text: `${short(x)}, ${short(y)}` }),
            h("td", { text: short(value) }),
          ]),
        ),
    );
    if (named.length > MOST_POINTS) points.append(h("tr", {}, [h("td", { text: "…" })]));
  }

  return { element, show };
}
