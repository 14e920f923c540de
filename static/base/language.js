// Every text of the page, by key; values are put in where the text has {braces}.

/** @type {Record<string, string>} */
let texts = {};

/** @param {string} language */
export async function loadTexts(language) {
  const answer = await fetch(new URL(`../text/${language}.json`, import.meta.url));
  texts = await answer.json();
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * Fill `data-text` (text), `data-label` (aria-label) and `data-title` below an element.
 * @param {ParentNode} root
 */
export function fillTexts(root) {
  for (const [attribute, set] of /** @type {[string, (element: Element, text: string) => void][]} */ ([
    ["data-text", (element, text) => void (element.textContent = text)],
    ["data-label", (element, text) => element.setAttribute("aria-label", text)],
    ["data-title", (element, text) => element.setAttribute("title", text)],
  ])) {
    for (const element of root.querySelectorAll(`[${attribute}]`))
      set(element, t(element.getAttribute(attribute) ?? ""));
  }
}
