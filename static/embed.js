// The bare view for other people's pages: the map, its player, and the sliders that were asked for.
import { addressOf, readView } from "./base/address.js";
import { begin, place } from "./base/begin.js";
import { catalog, figures } from "./base/catalog.js";
import { t } from "./base/language.js";
import { followForks } from "./runs/fork.js";
import { followFormulas } from "./problem/formulas.js";
import { startLoop } from "./live/loop.js";
import { initialState } from "./base/state.js";
import { createStore } from "./base/store.js";
import { firstTheme } from "./base/theme.js";
import { mount as mountBanner } from "./page/banner.js";
import { mount as mountPlayer } from "./page/player.js";
import { mount as mountRuns } from "./runs/runs.js";
import { mount as mountViews } from "./map/views.js";

const query = new URLSearchParams(location.search);

async function start() {
  const asked = query.get("theme") ?? "auto";
  const theme = asked === "light" || asked === "dark" ? asked : firstTheme();
  document.body.classList.toggle("transparent", asked === "transparent");
  const opened = await begin(theme);
  if (!opened) return;
  const store = createStore({
    ...initialState(opened.comparison ?? catalog.default, theme, readView()),
    loop: query.get("loop") === "1",
  });
  mountBanner(place("banner"), store, undefined);
  const unknown = unknownView();
  if (unknown) opened.errors.push(unknown);
  if (opened.failure !== null || unknown) {
    // Another race, or view, in the place of the one that was meant would be taken for it.
    place("open").setAttribute("href", `/${location.search}`);
    place("player").hidden = true;
    store.update({ errors: opened.errors, failure: opened.failure ?? "" });
    return;
  }
  mountPlayer(place("player"), store, undefined);
  const only = (query.get("controls") ?? "none").split(",").filter((name) => name && name !== "none");
  place("runs").hidden = !only.length;
  if (only.length) mountRuns(place("runs"), store, { only });
  mountViews(place("map"), store, undefined);
  const link = place("open");
  const aim = () => link.setAttribute("href", addressOf(store.get().comparison, "/"));
  store.subscribe(["comparison"], aim);
  aim();
  startLoop(store);
  followForks(store);
  followFormulas(store);
  listen(store);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (query.get("autoplay") === "1" && !calm) {
    const stop = store.subscribe(["result"], ({ result }) => {
      if (!result) return;
      stop();
      store.update({ playing: true, playhead: 0 });
    });
  }
}

/** @returns {import("./types").Complaint | null} */
function unknownView() {
  const asked = query.get("view");
  if (asked === null || figures.views.includes(asked)) return null;
  return { loc: "view", msg: t("view.unknown", { name: asked, names: figures.views.join(", ") }) };
}

/**
 * What a page around the embed may say, and is told.
 * @param {import("./types").Store} store
 */
function listen(store) {
  const tell = (/** @type {object} */ message) => void (parent !== window && parent.postMessage(message, "*"));
  window.addEventListener("message", ({ data, source }) => {
    if (source !== parent || typeof data?.type !== "string") return;
    if (data.type === "ravine:set") set(store, data);
    if (data.type === "ravine:play") store.update({ playing: true, playhead: store.get().playhead ?? 0 });
    if (data.type === "ravine:pause") store.update({ playing: false });
    if (data.type === "ravine:seek" && Number.isFinite(data.step))
      store.update({
        playing: false,
        playhead: Math.min(Math.max(0, Math.floor(data.step)), store.get().result?.total ?? 0),
      });
  });
  store.subscribe(["comparison"], ({ comparison }) => tell({ type: "ravine:changed", comparison }));
  store.subscribe(["playhead"], ({ playhead, result }) =>
    tell({ type: "ravine:step", step: playhead ?? result?.total ?? 0 }),
  );
  const stop = store.subscribe(["result"], ({ result, comparison }) => {
    if (!result) return;
    stop();
    tell({ type: "ravine:ready", comparison });
  });
}

/**
 * Fields of the comparison, or with `run` those of one run.
 * @param {import("./types").Store} store
 * @param {Record<string, unknown>} message
 */
function set(store, { type, run, ...fields }) {
  void type;
  const comparison = structuredClone(store.get().comparison);
  if (typeof run === "number") Object.assign(comparison.runs[run] ?? {}, fields);
  else Object.assign(comparison, fields);
  store.update({ comparison, moved: null });
}

start();
