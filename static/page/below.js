// What of the left panel lies below its edge: a button there names it, and goes to it.
import { h, renew } from "../base/dom.js";

const NEAR = 40; // pixels: what of a section is seen above the edge is not seen enough

/** @type {import("../types").Mount} */
export function mount(element) {
  const button = h("button", { type: "button", class: "below", hidden: true });
  element.append(button);
  /** @type {Element | undefined} */
  let next;
  let frame = 0;

  function show() {
    frame = 0;
    const edge = element.getBoundingClientRect().bottom - NEAR;
    const scrolls = element.scrollHeight > element.clientHeight; // neither has a height where the panel is no box
    const heads = scrolls ? [...element.querySelectorAll("h2")] : [];
    next = heads.find((head) => head.checkVisibility() && head.getBoundingClientRect().bottom > edge);
    renew(button, { hidden: !next, text: next ? `${next.textContent} ⌄` : "" });
  }

  // Asked once a frame, after whatever changed the panel.
  const later = () => {
    frame ||= requestAnimationFrame(show);
  };
  button.addEventListener("click", () => next?.scrollIntoView({ block: "start", behavior: "smooth" }));
  element.addEventListener("scroll", later, { passive: true });
  const watcher = new ResizeObserver(later);
  watcher.observe(element);
  for (const part of element.children) if (part !== button) watcher.observe(part);
  return () => {
    watcher.disconnect();
    cancelAnimationFrame(frame);
    element.removeEventListener("scroll", later);
    button.remove();
  };
}
