// Elements in one line.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean | number | ((event: any) => void)>} [attributes] `on…` listens, `text` is text
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = String(value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * MathML of the catalog, as elements.
 * @param {string[]} lines
 */
export function formula(lines) {
  const holder = h("div", { class: "formula" });
  for (const line of lines) {
    const parsed = new DOMParser().parseFromString(line, "text/html").querySelector("math");
    if (parsed) holder.append(h("div", {}, [document.importNode(parsed, true)]));
  }
  return holder;
}

/**
 * Light up, or no longer, the symbols of one parameter.
 * @param {ParentNode} root
 * @param {string} name
 * @param {boolean} lit
 */
export function light(root, name, lit) {
  for (const symbol of root.querySelectorAll(`[data-parameter="${name}"]`)) symbol.classList.toggle("lit", lit);
}
