// One control for every number: symbol, native slider, number field, and words when the number cannot be.
import { formula, h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { turned } from "./keys.js";
import { broken, fromPosition, grouped, plain, short, toPosition } from "../base/numbers.js";

const FOLLOWS_AFTER = 10; // milliseconds

const ROOM = 8; // characters that a field has room for

/**
 * @typedef {object} Control
 * @property {HTMLElement} element
 * @property {(value: any) => void} set show a value of the kind it is for, without telling anyone
 * @property {(message: string) => void} complain words next to the field; none takes them away
 */

/**
 * @param {object} options
 * @param {import("../types").Parameter} options.parameter
 * @param {number} options.value
 * @param {number} [options.run]
 * @param {(value: number, event: Event) => void} options.input
 * @param {() => void} [options.settle] the hand has let go
 * @param {(lit: boolean) => void} [options.touch] a hand, a pointer or the keyboard is on it
 * @param {boolean} [options.named] whether what the symbol means stands above it, in a word or two
 * @returns {Control}
 */
export function slider({ parameter, value, run, input, settle, touch, named = false }) {
  const where = run === undefined ? "" : `-${run}`;
  const id = `${parameter.name}${where}`;
  /** @type {Record<string, string | number>} */
  const attributes = { type: "range", name: parameter.name, step: "any", id, "aria-label": parameter.meaning };
  if (run !== undefined) attributes["data-run"] = run;
  const range = h("input", attributes);
  const field = h("input", {
    type: "number",
    step: "any",
    class: "number",
    "aria-label": t("control.exactly", { meaning: parameter.meaning }),
    "aria-describedby": `${id}-words`,
  });
  const words = h("p", { class: "complaint", id: `${id}-words`, role: "alert" });
  const label = h("label", { for: id, title: parameter.meaning }, [formula([parameter.mathml])]);
  const name = named ? [h("span", { class: "control-name", text: parameter.meaning.split(":")[0] ?? "" })] : [];
  const element = h("div", { class: "control" }, [...name, label, range, field, words]);
  let low = parameter.min;
  let high = parameter.max;
  let last = value;
  let typing = false;
  let position = 0;
  let showing = 0;

  const fill = () => {
    const share = (Number(range.value) - Number(range.min)) / (Number(range.max) - Number(range.min));
    range.style.setProperty("--fill", `${100 * Math.min(1, Math.max(0, share))}%`);
  };
  /** @param {number} shown */
  const place = (shown) => {
    // As wide as it must be for this value, if that can be at all.
    const wide = !broken(parameter, shown) && !(parameter.scale === "log" && shown <= 0);
    low = wide ? Math.min(parameter.min, shown) : parameter.min;
    high = wide ? Math.max(parameter.max, shown) : parameter.max;
    range.min = String(toPosition(parameter, low));
    range.max = String(toPosition(parameter, high));
    range.value = String(toPosition(parameter, shown));
    position = Number(range.value); // the middle, where what was shown is no number
    range.setAttribute("aria-valuetext", short(shown));
    fill();
  };
  /** @param {string} message */
  const complain = (message) => {
    renew(words, { text: message });
    renew(field, { "aria-invalid": message ? "true" : false });
  };

  const show = () => {
    range.value = String(position);
    write(field, last);
    range.setAttribute("aria-valuetext", short(last));
    fill();
  };
  /** @param {number} wanted */
  const take = (wanted) => {
    position = wanted;
    last = fromPosition(parameter, position, low, high);
  };

  range.addEventListener("input", (event) => {
    take(Number(range.value));
    complain("");
    input(last, event);
    show();
  });
  // Where handling a key changes the page at once, Chromium holds back every message until that is painted, the answer
  // too. So a key asks first, and the slider follows a moment later.
  range.addEventListener("keydown", (event) => {
    const wanted = turned(event, position, Number(range.min), Number(range.max));
    if (wanted === null) return;
    event.preventDefault();
    if (wanted === position) return;
    const before = last;
    take(wanted);
    complain("");
    if (last !== before) input(last, event);
    window.clearTimeout(showing);
    showing = window.setTimeout(show, FOLLOWS_AFTER);
  });
  range.addEventListener("change", () => settle?.());
  field.addEventListener("input", () => {
    typing = true;
    fit(field);
  });
  field.addEventListener("blur", () => void (typing = false));
  field.addEventListener("change", (event) => {
    typing = false;
    const typed = field.value === "" ? Number.NaN : Number(field.value);
    const bound = broken(parameter, typed);
    complain(allowed(bound));
    if (bound) return;
    place(typed);
    last = typed;
    input(typed, event);
    settle?.();
  });
  for (const begin of ["pointerenter", "focusin", "pointerdown"]) element.addEventListener(begin, () => touch?.(true));
  for (const end of ["pointerleave", "focusout"]) {
    element.addEventListener(end, () => {
      if (!element.matches(":active")) touch?.(element.contains(document.activeElement));
    });
  }

  write(field, value);
  place(value);
  return {
    element,
    complain,
    set(shown) {
      if (shown === last) return;
      last = shown;
      if (!typing) write(field, shown);
      if (!range.matches(":active")) place(shown);
    },
  };
}

/**
 * @param {HTMLInputElement} field
 * @param {number} value
 */
function write(field, value) {
  field.value = plain(value);
  fit(field);
}

/**
 * Give a field the room that what stands in it takes.
 * @param {HTMLInputElement} field
 */
const fit = (field) => void field.classList.toggle("long", field.value.length > ROOM);

/**
 * What is allowed, in words; none where no bound is broken.
 * @param {readonly [string, number] | null} bound
 */
const allowed = (bound) =>
  bound ? t(`bound.${bound[0]}`, { value: Number.isInteger(bound[1]) ? grouped(bound[1]) : short(bound[1]) }) : "";

/**
 * A list to choose from.
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.label
 * @param {{value: string, title: string}[]} options.entries
 * @param {string} options.value
 * @param {(value: string) => void} options.choose
 * @param {string} [options.kind] a class
 */
export function picker({ name, label, entries, value, choose, kind = "" }) {
  const select = h("select", { name, "aria-label": label, class: kind });
  for (const { value: one, title } of entries) select.append(h("option", { value: one, text: title }));
  select.value = value;
  select.addEventListener("change", () => choose(select.value));
  return select;
}

/**
 * A number without a slider; `valid` are its bounds.
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.label
 * @param {number} options.value
 * @param {(value: number, event: Event) => void} options.choose
 * @param {boolean} [options.whole]
 * @param {import("../types").Bounds} [options.valid]
 * @param {number} [options.run]
 * @param {boolean} [options.bare] whether its label is for screen readers alone
 * @returns {Control}
 */
export function number({ name, label, value, choose, whole = false, valid = {}, run, bare = false }) {
  const id = run === undefined ? `${name}-words` : `${name}-${run}-words`;
  const described = { "aria-label": label, "aria-describedby": id, ...(run === undefined ? {} : { "data-run": run }) };
  const field = h("input", { type: "number", name, class: "number", step: whole ? 1 : "any", ...described });
  const words = h("p", { class: "complaint", role: "alert", id });
  write(field, value);
  field.addEventListener("input", () => fit(field));
  field.addEventListener("change", (event) => {
    const typed = field.value === "" ? Number.NaN : Number(field.value);
    const bound = whole && !Number.isInteger(typed) ? /** @type {const} */ (["whole", 0]) : broken({ valid }, typed);
    complain(allowed(bound));
    if (!bound) choose(typed, event);
  });
  /** @param {string} message */
  const complain = (message) => {
    renew(words, { text: message });
    renew(field, { "aria-invalid": message ? "true" : false });
  };
  return {
    element: h("label", { class: "plain" }, [...(bare ? [] : [h("span", { text: label })]), field, words]),
    set(shown) {
      if (document.activeElement === field || field.value === plain(shown)) return;
      write(field, shown);
      complain("");
    },
    complain,
  };
}
