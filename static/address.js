// The address bar holds the whole comparison: what is shared is what is seen.

const KEY = "c";
const PAUSE = 250;

/** @returns {import("./types").Comparison | null} */
export function readAddress() {
  const text = new URLSearchParams(location.search).get(KEY);
  if (!text) return null;
  try {
    const found = JSON.parse(text);
    return Array.isArray(found?.runs) && typeof found?.problem === "object" ? found : null;
  } catch {
    return null;
  }
}

/**
 * The comparison of the address with every default written out, which the server knows; null where there is none.
 * @returns {Promise<{ comparison: import("./types").Comparison | null, errors: import("./types").Complaint[], failure: string | null }>}
 */
export async function openAddress() {
  const text = new URLSearchParams(location.search).get(KEY);
  if (!text) return { comparison: null, errors: [], failure: null };
  const answer = await fetch(new URL(`/api/comparison?${KEY}=${encodeURIComponent(text)}`, import.meta.url));
  const found = await answer.json();
  if (answer.ok) return { comparison: found.comparison, errors: [], failure: null };
  return { comparison: null, errors: found.errors ?? [], failure: found.title ?? "" };
}

/**
 * Say what is wrong with the address, once there is a picture: an answer that arrives clears what was wrong before it.
 * @param {import("./types").Store} store
 * @param {{ errors: import("./types").Complaint[], failure: string | null }} opened
 */
export function complain(store, { errors, failure }) {
  if (failure === null) return;
  const stop = store.subscribe(["result"], ({ result }) => {
    if (!result) return;
    stop();
    store.update({ errors, failure });
  });
}

/** @param {import("./types").Comparison} comparison */
export function addressOf(comparison) {
  const address = new URL(location.href);
  address.search = "";
  return `${address}?${KEY}=${encodeURIComponent(JSON.stringify(comparison))}`;
}

/**
 * Keep the address equal to the comparison; going back and forth in the history sets the comparison.
 * @param {import("./types").Store} store
 */
export function keepAddress(store) {
  let timer = 0;
  let kind = store.get().comparison.problem.kind;
  const write = () => {
    const { comparison } = store.get();
    const other = comparison.problem.kind !== kind;
    kind = comparison.problem.kind;
    if (other) history.pushState(null, "", addressOf(comparison));
    else history.replaceState(null, "", addressOf(comparison));
  };
  store.subscribe(["comparison"], (state) => {
    window.clearTimeout(timer);
    if (state.comparison.problem.kind !== kind) write();
    else timer = window.setTimeout(write, PAUSE);
  });
  window.addEventListener("popstate", () => {
    const comparison = readAddress();
    if (!comparison) return;
    kind = comparison.problem.kind;
    store.update({ comparison, result: null, landscape: null, playhead: null });
  });
  history.replaceState(null, "", addressOf(store.get().comparison));
}
