// What was just done on the page, in a few words, with a button that takes it back; it goes by itself.
import { h } from "../base/dom.js";
import { t } from "../base/language.js";

const SAID_FOR = 8000;

/** @type {import("../types").Mount} */
export function mount(element, store) {
  let timer = 0;
  element.setAttribute("role", "status");

  const end = () => store.update({ notice: null });
  const wait = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(end, SAID_FOR);
  };

  function show() {
    const { notice } = store.get();
    window.clearTimeout(timer);
    element.hidden = !notice;
    element.replaceChildren();
    if (!notice) return;
    const undo = h("button", { type: "button", text: t("history.back"), onclick: notice.undo });
    element.append(h("span", { text: notice.text }), undo);
    wait();
  }

  // Whoever is about to press the button has the time for it.
  for (const begin of ["pointerenter", "focusin"]) element.addEventListener(begin, () => window.clearTimeout(timer));
  for (const ends of ["pointerleave", "focusout"]) element.addEventListener(ends, wait);
  const stops = [
    store.subscribe(["notice"], show),
    // What is taken back is the change just made, and no other.
    store.subscribe(["comparison"], ({ notice, comparison }) => {
      if (notice && notice.of !== comparison) end();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    window.clearTimeout(timer);
  };
}
