// A field for a few whole numbers, such as the widths of hidden layers or the steps at which a rate drops.
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { broken } from "../base/numbers.js";

const BETWEEN = " – ";

/**
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.id of the field, where several have one name
 * @param {string} options.label
 * @param {number[]} options.values
 * @param {number} options.most how many there may be
 * @param {import("../types").Bounds} options.valid of each
 * @param {(values: number[], event: Event) => void} options.choose
 * @returns {import("./controls").Control}
 */
export function listField({ name, id, label, values, most, valid, choose }) {
  const words = h("p", { class: "complaint", role: "alert", id: `${id}-words` });
  const described = { "aria-label": label, "aria-describedby": `${id}-words` };
  const field = h("input", { type: "text", name, class: "text", value: values.join(BETWEEN), ...described });
  const bounds = valid.le === undefined ? t("list.from", { low: valid.ge ?? 0 }) : t("list.between", between(valid));
  const complain = (/** @type {string} */ message) => {
    renew(words, { text: message });
    renew(field, { "aria-invalid": message ? "true" : false });
  };
  field.addEventListener("change", (event) => {
    const typed = read(field.value);
    const wrong = typed.length > most || typed.some((one) => broken({ valid }, one));
    complain(wrong ? t("list.wrong", { most, bounds }) : "");
    if (!wrong) choose(typed, event);
  });
  return {
    element: h("label", { class: "plain" }, [h("span", { text: label }), field, words]),
    set(shown) {
      const text = shown.join(BETWEEN);
      if (document.activeElement === field || text === field.value) return;
      field.value = text;
      complain("");
    },
    complain,
  };
}

/** @param {import("../types").Bounds} valid */
const between = ({ ge, le }) => ({ low: ge ?? 0, high: le ?? 0 });

/**
 * Numbers such as "64 – 64", "64, 64" or "64x64"; what is no whole number is NaN.
 * @param {string} text
 */
function read(text) {
  const parts = text.trim() ? text.trim().split(/\s*[,;×x–-]\s*|\s+/) : [];
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
}
