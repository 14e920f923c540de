// The composition root: it makes the store, wires the loop, and puts every part in its place.
import { complain, keepAddress, readRefused, readView, withoutLink } from "./base/address.js";
import { begin, place } from "./base/begin.js";
import { catalog } from "./base/catalog.js";
import { followForks } from "./runs/fork.js";
import { followFormulas } from "./problem/formulas.js";
import { startLoop } from "./live/loop.js";
import { initialState } from "./base/state.js";
import { createStore } from "./base/store.js";
import { firstTheme, followSystem } from "./base/theme.js";
import { mount as mountBanner } from "./page/banner.js";
import { mount as mountCode } from "./page/code.js";
import { mount as mountCurves } from "./charts/curves.js";
import { mount as mountHeader } from "./page/header.js";
import { mount as mountHonesty } from "./map/honesty.js";
import { mount as mountKeyboard } from "./page/keyboard.js";
import { mount as mountBelow } from "./page/below.js";
import { mount as mountNetwork } from "./problem/network.js";
import { mount as mountNotice } from "./page/notice.js";
import { mount as mountPlane } from "./map/plane.js";
import { mount as mountPlayer } from "./page/player.js";
import { mount as mountProblem } from "./problem/problem.js";
import { mount as mountRuns } from "./runs/runs.js";
import { mount as mountTheory } from "./runs/theory.js";
import { mount as mountViews, mountSwitch } from "./map/views.js";

async function start() {
  const opened = await begin(firstTheme());
  if (!opened) return;
  const refused = readRefused();
  const store = createStore(initialState(opened.comparison ?? refused ?? catalog.default, firstTheme(), readView()));
  const showKind = () => void (document.body.dataset.kind = store.get().comparison.problem.kind);
  showKind();
  store.subscribe(["comparison"], showKind);
  followSystem(store);
  keepAddress(store, opened.failure !== null);
  mountHeader(place("header"), store, undefined);
  mountCode(place("code"), store, undefined);
  mountBanner(place("banner"), store, undefined);
  mountNotice(place("notice"), store, undefined);
  mountProblem(place("problem"), store, undefined);
  mountNetwork(place("network"), store, undefined);
  mountBelow(place("left"), store, undefined);
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
  complain(store, opened.failure !== null && !refused ? withoutLink(opened) : opened);
  document.body.classList.add("ready");
}

start();
