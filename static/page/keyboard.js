// Keys for the whole page: play, step, show and hide runs, and a list of all keys. What has the focus comes first.
import { toggleAnatomy } from "../runs/anatomy.js";
import { undo } from "../base/address.js";
import { h } from "../base/dom.js";
import { drop } from "../charts/drops.js";
import { toggleForking } from "../runs/fork.js";
import { t } from "../base/language.js";
import { nudge, toggle } from "./player.js";
import { toggleTheory } from "../runs/theory.js";
import { toggleSelected } from "../base/selection.js";
import { nextView } from "../map/views.js";
import { toggleHidden } from "../base/visibility.js";

const FAR = 10;
/** Where something is typed every key is a character, and undone there. */
const TYPED = "textarea, input:not([type=range], [type=radio], [type=checkbox], [type=color])";
/** Keys by what they do; a title stands above the keys of a slider and of the map. */
const LIST = [
  "play",
  "step",
  "steps",
  "ends",
  "runs",
  "select",
  "drop",
  "anatomy",
  "theory",
  "view",
  "fork",
  "undo",
  "redo",
  "help",
  "on_slider",
  "slider",
  "slider_fine",
  "slider_far",
  "on_map",
  "map",
  "map_far",
  "zoom",
  "wheel",
  "turn",
  "pan",
];
const TITLES = ["on_slider", "on_map"];

/** @type {import("../types").Mount} `element` is the button that shows the list */
export function mount(element, store) {
  const list = dialog();
  document.body.append(list);
  const show = () => list.showModal();

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    if (target.matches(TYPED)) return;
    const act = event.ctrlKey || event.metaKey ? undoing(event) : action(event, target);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /**
   * @param {KeyboardEvent} event with Ctrl or ⌘
   * @returns {(() => void) | null}
   */
  function undoing({ key, shiftKey }) {
    const name = key.toLowerCase();
    if (name === "z") return () => undo(store, shiftKey ? "forth" : "back");
    return name === "y" ? () => undo(store, "forth") : null;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} target
   * @returns {(() => void) | null}
   */
  function action({ key, code, shiftKey }, target) {
    if (target.matches("select")) return null; // letters choose from it
    if (key === "?") return show;
    // With Shift a digit's key is some sign, another one on every keyboard.
    const digit = shiftKey ? /^Digit([1-9])$/.exec(code)?.[1] : undefined;
    if (digit) return () => toggleSelected(store, Number(digit) - 1);
    if (key === "t") return () => toggleTheory(store);
    if (key === "a") return () => toggleAnatomy(store);
    if (key === "d") return () => drop(store, store.get().playhead ?? 0);
    if (/^[1-9]$/.test(key)) return () => toggleHidden(store, Number(key) - 1);
    if (key === "v") return () => nextView(store);
    if (key === "f") return () => toggleForking(store);
    if (key === " ") return target.matches("button, summary, a, input:not([type=range])") ? null : () => toggle(store);
    if (target.matches("input[type=range], input[type=radio], [role=tab], summary")) return null;
    const by = shiftKey ? FAR : 1;
    if (key === "ArrowLeft") return () => nudge(store, -by);
    if (key === "ArrowRight") return () => nudge(store, by);
    if (key === "Home") return () => nudge(store, -Infinity);
    if (key === "End") return () => nudge(store, Infinity);
    return null;
  }

  element.addEventListener("click", show);
  document.addEventListener("keydown", pressed);
  return () => {
    element.removeEventListener("click", show);
    document.removeEventListener("keydown", pressed);
    list.remove();
  };
}

/** All keys, as a list that any of its keys or a click beside it closes. */
function dialog() {
  const rows = LIST.map((name) =>
    TITLES.includes(name)
      ? h("tr", {}, [h("th", { colspan: 2, scope: "colgroup", text: t(`keys.${name}`) })])
      : h("tr", {}, [h("td", {}, [h("kbd", { text: t(`keys.${name}_key`) })]), h("td", { text: t(`keys.${name}`) })]),
  );
  const close = h("button", { type: "button", text: t("keys.close"), autofocus: true });
  const made = h("dialog", { class: "keys", "aria-labelledby": "keys-title" }, [
    h("h2", { id: "keys-title", text: t("keys.title") }),
    h("table", {}, [h("tbody", {}, rows)]),
    close,
  ]);
  close.addEventListener("click", () => made.close());
  made.addEventListener("click", (event) => event.target === made && made.close());
  return made;
}
