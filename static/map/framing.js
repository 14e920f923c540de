// Which window of a surface is asked for: all of it, until a person chose another, which every view then shows.
import { problemEntry, problemOf } from "../base/catalog.js";
import { isNetwork, viewOf, wholeWindow } from "./window.js";

const LEAST = 40; // pixels

/** @param {import("../types").Store} store */
export function createFraming(store) {
  /** @type {{ size: import("./window").Size, margins: () => import("./window").Margin } | null} */
  let picture = null;
  let framedFor = wholeOf(store.get());

  function whole() {
    const state = store.get();
    if (!picture || isNetwork(state) || state.framed) return;
    const view = wholeWindow(state, picture.size, picture.margins());
    if (view && JSON.stringify(view) !== JSON.stringify(state.view)) store.update({ view });
  }

  const stop = store.subscribe(["comparison", "formula"], (state) => {
    if (wholeOf(state) === framedFor) return;
    framedFor = wholeOf(state);
    // A window, and a line through it, that a person chose belong to the surface that was there.
    store.update(state.slice.ends ? { framed: false, slice: { kind: "minimum" } } : { framed: false });
    whole();
  });

  return {
    stop,
    /** The window that is asked for; null where none can be chosen. */
    view: () => (isNetwork(store.get()) ? null : store.get().view),
    own: () => store.get().framed,
    /**
     * Tell of the picture whose sides the whole window suits.
     * @param {import("./window").Size} size with its margin
     * @param {() => import("./window").Margin} margins which hang on the problem
     */
    fitInto(size, margins) {
      const margin = margins();
      if (size.width - margin.l - margin.r < LEAST || size.height - margin.t - margin.b < LEAST) return;
      picture = { size, margins };
      whole();
    },
    /**
     * Show this window.
     * @param {[number, number]} x
     * @param {[number, number]} y
     * @param {number} [at] time of the event that asked for it, of the page's clock
     */
    frame(x, y, at) {
      store.update({ view: viewOf(x, y), framed: true, zoomed: at ?? null });
    },
    /** Show all again. */
    fit() {
      store.update({ framed: false });
      whole();
    },
  };
}

/**
 * What the whole window is the window of.
 * @param {import("../types").State} state
 */
const wholeOf = ({ comparison }) => `${problemOf(comparison)} ${problemEntry(comparison)?.domain}`;
