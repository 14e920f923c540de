// Play, pause, scrub: where in the steps the picture stands.
import { hasAnatomy, toggleAnatomy } from "../runs/anatomy.js";
import { h, renew } from "../base/dom.js";
import { toggleForking } from "../runs/fork.js";
import { t } from "../base/language.js";
import { isNetwork } from "../map/window.js";

const SPEEDS = [0.5, 1, 2, 4];
const SECONDS_PER_RACE = 8;

/**
 * Play, from the beginning where the playhead stands at the end, or pause.
 * @param {import("../types").Store} store
 */
export function toggle(store) {
  const { playing, playhead } = store.get();
  if (playing) return store.update({ playing: false });
  store.update({ playing: true, playhead: playhead === null ? 0 : playhead });
}

/**
 * Pause, and move the playhead by so many steps.
 * @param {import("../types").Store} store
 * @param {number} by
 */
export function nudge(store, by) {
  const { playhead, result } = store.get();
  const total = result?.total ?? 0;
  const at = Math.min(total, Math.max(0, (playhead ?? total) + by));
  store.update({ playing: false, playhead: at >= total ? null : at });
}

/** @type {import("../types").Mount} */
export function mount(element, store) {
  const play = h("button", { class: "play", type: "button", onclick: () => toggle(store) });
  const scrub = h("input", { type: "range", class: "scrub", min: 0, step: 1, "aria-label": t("player.step") });
  const text = h("output", { class: "step" });
  const speed = h("button", { class: "quiet speed", type: "button", onclick: faster, title: t("player.speed") });
  const fork = h("button", {
    class: "chip fork",
    type: "button",
    text: t("fork.fork"),
    title: t("fork.title"),
    onclick: () => toggleForking(store),
  });
  const anatomy = h("button", {
    class: "chip anatomy",
    type: "button",
    text: t("player.anatomy"),
    "aria-keyshortcuts": "a",
    onclick: () => toggleAnatomy(store),
  });
  element.append(play, scrub, text, speed, fork, anatomy);
  let pace = 1;
  let before = 0;
  let exact = 0;
  let stood = "";
  let frame = 0;

  function faster() {
    pace = SPEEDS[(SPEEDS.indexOf(pace) + 1) % SPEEDS.length] ?? 1;
    show();
  }

  function showAnatomy() {
    const state = store.get();
    const possible = hasAnatomy(state);
    renew(anatomy, {
      "aria-pressed": String(state.anatomy && possible),
      title: t(possible ? "player.anatomy_title" : "player.anatomy_seeds"),
      "aria-label": t(possible ? "player.anatomy" : "player.anatomy_seeds"),
      hidden: isNetwork(state),
      disabled: !possible,
    });
  }

  /** @param {number} now */
  function tick(now) {
    const { playing, playhead, result, loop } = store.get();
    if (!playing) return;
    const total = result?.total ?? 0;
    if (Math.floor(exact) !== playhead) exact = playhead ?? 0;
    exact += (Math.min(100, now - before) / 1000) * pace * Math.max(total / SECONDS_PER_RACE, 4);
    before = now;
    if (exact >= total && total) store.update(loop ? { playhead: 0 } : { playhead: null, playing: false });
    else if (Math.floor(exact) !== playhead) store.update({ playhead: Math.floor(exact) });
    frame = requestAnimationFrame(tick);
  }

  function show() {
    const { playing, playhead, result, forking, comparison } = store.get();
    const total = result?.total ?? 0;
    const at = Math.min(playhead ?? result?.last ?? 0, total);
    renew(speed, { text: t("player.times", { speed: pace }) });
    renew(play, {
      class: playing ? "play playing" : "play",
      "aria-label": t(playing ? "player.pause" : "player.play"),
    });
    renew(fork, { "aria-pressed": String(forking), hidden: comparison.problem.kind === "network" });
    const stands = `${at} ${total}`;
    if (stands === stood) return;
    stood = stands;
    scrub.max = String(total);
    scrub.value = String(at);
    scrub.style.setProperty("--fill", `${total ? (100 * at) / total : 0}%`);
    const words = t("player.at", { step: at, total });
    renew(text, { text: words });
    renew(scrub, { "aria-valuetext": words });
  }

  scrub.addEventListener("input", () => {
    const at = Number(scrub.value);
    store.update({ playing: false, playhead: at >= Number(scrub.max) ? null : at });
  });
  const stops = [
    store.subscribe(["playing"], ({ playing }) => {
      show();
      if (!playing) return;
      before = performance.now();
      cancelAnimationFrame(frame); // of a race that was paused a moment ago
      frame = requestAnimationFrame(tick);
    }),
    store.subscribe(["playhead", "result", "forking"], show),
    store.subscribe(["anatomy", "comparison"], showAnatomy),
  ];
  show();
  showAnatomy();
  return () => {
    for (const stop of stops) stop();
    element.replaceChildren();
  };
}
