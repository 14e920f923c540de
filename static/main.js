// The composition root: it makes the store, wires the loop, and puts every part in its place.
import { complain, keepAddress, readRefused, readView } from "./address.js";
import { begin, place } from "./begin.js";
import { catalog } from "./catalog.js";
import { followForks } from "./fork.js";
import { followFormulas } from "./formulas.js";
import { startLoop } from "./loop.js";
import { initialState } from "./state.js";
import { createStore } from "./store.js";
import { firstTheme, followSystem } from "./theme.js";
import { mount as mountBanner } from "./banner.js";
import { mount as mountCode } from "./code.js";
import { mount as mountCurves } from "./curves.js";
import { mount as mountHeader } from "./header.js";
import { mount as mountHonesty } from "./honesty.js";
import { mount as mountKeyboard } from "./keyboard.js";
import { mount as mountNetwork } from "./network.js";
import { mount as mountPlane } from "./plane.js";
import { mount as mountPlayer } from "./player.js";
import { mount as mountProblem } from "./problem.js";
import { mount as mountRuns } from "./runs.js";
import { mount as mountTheory } from "./theory.js";
import { mount as mountViews, mountSwitch } from "./views.js";

async function start() {
  const opened = await begin(firstTheme());
  if (!opened) return;
  const store = createStore(
    initialState(opened.comparison ?? readRefused() ?? catalog.default, firstTheme(), readView()),
  );
  const showKind = () => void (document.body.dataset.kind = store.get().comparison.problem.kind);
  showKind();
  store.subscribe(["comparison"], showKind);
  followSystem(store);
  keepAddress(store, opened.failure !== null);
  mountHeader(place("header"), store, undefined);
  mountCode(place("code"), store, undefined);
  mountBanner(place("banner"), store, undefined);
  mountProblem(place("problem"), store, undefined);
  mountNetwork(place("network"), store, undefined);
  // What stands beside the map comes first: the map takes the room that is left, once.
  mountPlayer(place("player"), store, undefined);
  mountPlane(place("plane"), store, undefined);
  mountSwitch(place("views"), store, undefined);
  mountViews(place("map"), store, undefined);
  mountCurves(place("curves"), store, undefined);
  mountRuns(place("runs"), store, undefined);
  mountTheory(place("theory"), store, undefined);
  mountHonesty(place("honesty"), store, undefined);
  mountKeyboard(place("keys"), store, undefined);
  startLoop(store);
  followForks(store);
  followFormulas(store);
  complain(store, opened);
  document.body.classList.add("ready");
}

start();
