// The address bar holds the whole comparison: what is shared is what is seen.
import { catalog, figures, find, problemEntry, problemOf } from "./catalog.js";
import { t } from "./language.js";
import { openComparison } from "./state.js";
import { foundAgain } from "./visibility.js";

const KEY = "c";
const VIEW = "view";
const FIRST_VIEW = "overlay";
const PAUSE = 250;
const WALK = 1000;

/** @returns {import("../types").Comparison | null} */
function readAddress() {
  const text = new URLSearchParams(location.search).get(KEY);
  if (!text) return null;
  try {
    const found = JSON.parse(text);
    const sound = found?.problem && Array.isArray(found.runs) && found.runs.every(named);
    return sound ? found : null;
  } catch {
    return null;
  }
}

/**
 * The comparison of the address with every default written out, which the server knows; null where there is none.
 * @returns {Promise<import("../types").Opened>}
 */
export async function openAddress() {
  const text = new URLSearchParams(location.search).get(KEY);
  if (!text) return { comparison: null, errors: [], failure: null };
  const answer = await fetch(new URL(`/api/comparison?${KEY}=${encodeURIComponent(text)}`, import.meta.url));
  if (answer.status >= 500) throw new Error(`/api/comparison: ${answer.status}`);
  const found = await answer.json().catch(() => ({}));
  if (answer.ok) return { comparison: found.comparison, errors: [], failure: null };
  return { comparison: null, errors: found.errors ?? [], failure: found.title ?? answer.statusText };
}

/** @param {import("../types").Run | null} run */
const named = (run) => typeof run?.optimizer === "string";

/**
 * What was set in an address that the server refused, to be mended on the page; null where no page can show it.
 * @returns {import("../types").Comparison | null}
 */
export function readRefused() {
  const found = readAddress();
  if (!found || !problemEntry(found)) return null;
  const { kind, dataset } = found.problem;
  return kind === "network" && dataset && !find(catalog.datasets, String(dataset)) ? null : found;
}

/**
 * What is to be said where nothing of the address can be shown.
 * @param {import("../types").Opened} opened
 * @returns {import("../types").Opened}
 */
export const withoutLink = (opened) => ({
  ...opened,
  errors: [{ loc: "", msg: t("banner.damaged") }, ...opened.errors],
});

/**
 * Say what is wrong with the address, and again once there is a picture of another comparison in its place: an answer
 * that arrives clears what was wrong before it.
 * @param {import("../types").Store} store
 * @param {import("../types").Opened} opened
 */
export function complain(store, { errors, failure }) {
  if (failure === null) return;
  store.update({ errors, failure });
  const first = store.get().comparison;
  const stop = store.subscribe(["result"], ({ comparison, result }) => {
    if (!result) return;
    stop();
    if (comparison === first) store.update({ errors, failure });
  });
}

/**
 * @param {import("../types").Comparison} comparison
 * @param {string} [page] its path, where that is not the present one
 */
export function addressOf(comparison, page = location.pathname) {
  const address = new URL(page, location.href);
  address.searchParams.set(KEY, JSON.stringify(comparison));
  const view = readView();
  if (view !== FIRST_VIEW) address.searchParams.set(VIEW, view);
  return address.href;
}

/** The view that the address names, or the first where there is none of that name. */
export function readView() {
  const asked = new URLSearchParams(location.search).get(VIEW) ?? "";
  return figures.views.includes(asked) ? asked : FIRST_VIEW;
}

/**
 * Keep the view in the address, beside the comparison.
 * @param {import("../types").Store} store
 */
function keepView(store) {
  store.subscribe(["layout"], ({ layout }) => {
    const address = new URL(location.href);
    if (layout === FIRST_VIEW) address.searchParams.delete(VIEW);
    else address.searchParams.set(VIEW, layout);
    history.replaceState(history.state, "", address.href);
  });
}

/**
 * Keep the address equal to the comparison. Every gesture is a step in the history, and going back and forth in it sets
 * the comparison; what follows within a moment belongs to the same gesture, unless a hand begins another. An address that was refused stays until
 * something is changed.
 * @param {import("../types").Store} store
 * @param {boolean} refused
 */
export function keepAddress(store, refused) {
  let timer = 0;
  let before = store.get().comparison;
  let changed = -Infinity;
  let turned = -Infinity;
  let gesture = false; // whether what is to be written began one
  let begun = false; // whether a hand has begun another since the last change
  /** @type {EventTarget | null} */
  let keyed = null; // what the last key was for
  let place = placeOf(history.state);
  let last = place;
  flush = () => void (timer && write(store.get().comparison));

  /** @param {import("../types").Comparison} comparison */
  const write = (comparison) => {
    window.clearTimeout(timer);
    timer = 0;
    if (gesture) history.pushState({ place: (last = ++place) }, "", addressOf(comparison));
    else history.replaceState({ place }, "", addressOf(comparison));
    gesture = false;
    show();
  };
  const show = () => {
    const { back, forth } = store.get().history;
    if (back !== place > 0 || forth !== place < last)
      store.update({ history: { back: place > 0, forth: place < last } });
  };

  store.subscribe(["comparison"], ({ comparison }) => {
    const now = performance.now();
    if (comparison === before) return;
    if (problemOf(comparison) !== problemOf(before)) {
      if (timer) write(before);
      // Whoever walks through a list with the arrow keys takes one step, not twenty.
      gesture = begun || now - turned > WALK;
      turned = now;
      write(comparison);
    } else {
      if (begun && timer) write(before);
      gesture ||= begun || now - changed > WALK;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => write(store.get().comparison), PAUSE);
    }
    begun = false;
    changed = now;
    before = comparison;
  });
  const begin = (/** @type {Event} */ { type, target }) => {
    const [other, key] = [target !== keyed, type === "keydown"];
    if (other || !key) begun = true;
    keyed = key ? target : null;
  };
  for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, begin, { capture: true });
  window.addEventListener("popstate", (event) => {
    const comparison = readAddress();
    if (!comparison) return;
    window.clearTimeout(timer);
    timer = 0;
    place = placeOf(event.state);
    last = Math.max(last, place);
    gesture = false;
    changed = -Infinity;
    const same = problemOf(comparison) === problemOf(before);
    const again = foundAgain(before.runs, comparison.runs);
    const { hidden, selected } = store.get();
    before = comparison;
    if (same)
      store.update({
        comparison,
        hidden: hidden.map(again).filter((place) => place >= 0),
        selected: selected === null || again(selected) < 0 ? null : again(selected),
        moving: false,
        moved: null,
      });
    else openComparison(store, comparison);
    store.update({ layout: readView() });
    show();
  });
  keepView(store);
  if (!refused) history.replaceState({ place }, "", addressOf(store.get().comparison));
  show();
}

/** Writes into the history what was changed a moment ago. */
let flush = () => {};

/**
 * How many steps of this page lie before an entry of the history.
 * @param {unknown} entry
 */
const placeOf = (entry) => Number(/** @type {{ place?: number } | null} */ (entry)?.place ?? 0) || 0;

/**
 * Go back or forth in what was done, where there is anything.
 * @param {import("../types").Store} store
 * @param {"back" | "forth"} way
 */
export function undo(store, way) {
  flush();
  if (store.get().history[way]) history.go(way === "back" ? -1 : 1);
}
