// How every page begins: texts, what can be chosen, and the comparison of the address, or why there is none.
import { openAddress } from "./address.js";
import { loadCatalog } from "./catalog.js";
import { fillTexts, loadTexts, t } from "./language.js";
import { wear } from "./theme.js";

/** @param {string} name */
export function place(name) {
  const element = document.querySelector(`[data-part="${name}"]`);
  if (!(element instanceof HTMLElement)) throw new Error(`no place for ${name}`);
  return element;
}

/**
 * @param {"light" | "dark"} theme
 * @returns {Promise<import("../types").Opened | null>} null where no server answers, which the page says
 */
export async function begin(theme) {
  wear(theme);
  await loadTexts(document.documentElement.lang);
  fillTexts(document);
  try {
    const [opened] = await Promise.all([openAddress(), loadCatalog()]);
    return opened;
  } catch {
    place("banner").hidden = false;
    place("banner").textContent = t("banner.no_server");
    return null;
  }
}
