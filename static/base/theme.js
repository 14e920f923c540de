// Light and dark: the system's unless the person chose; kept where there is somewhere to keep it.

const KEY = "ravine-theme";
const DARK = matchMedia("(prefers-color-scheme: dark)");

/** @returns {"light" | "dark" | null} */
function kept() {
  try {
    const found = localStorage.getItem(KEY);
    return found === "light" || found === "dark" ? found : null;
  } catch {
    return null; // a sandboxed frame has no storage
  }
}

/** @returns {"light" | "dark"} */
const system = () => (DARK.matches ? "dark" : "light");

export const firstTheme = () => kept() ?? system();

/** @param {"light" | "dark"} theme */
export function wear(theme) {
  document.documentElement.dataset.theme = theme;
}

/** @param {import("../types").Store} store */
export function turnTheme(store) {
  const theme = store.get().theme === "dark" ? "light" : "dark";
  try {
    if (theme === system()) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Nothing to keep it in: it holds until the page is left.
  }
  wear(theme);
  store.update({ theme });
}

/** @param {import("../types").Store} store */
export function followSystem(store) {
  DARK.addEventListener("change", () => {
    if (kept()) return;
    wear(system());
    store.update({ theme: system() });
  });
}
