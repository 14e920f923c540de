// The header: which page, share, light or dark.
import { addressOf, undo } from "../base/address.js";
import { catalog, pageOf } from "../base/catalog.js";
import { renew } from "../base/dom.js";
import { t } from "../base/language.js";
import { openComparison } from "../base/state.js";
import { turnTheme } from "../base/theme.js";

const SAID_FOR = 2000;
const PAUSE = 250;

/** @type {import("../types").Mount} */
export function mount(element, store) {
  /** @type {Map<string, import("../types").Comparison>} where each page was left */
  const left = new Map();
  const links = /** @type {HTMLAnchorElement[]} */ ([...element.querySelectorAll("a[data-kind]")]);
  const share = /** @type {HTMLButtonElement} */ (element.querySelector("[data-act=share]"));
  const said = /** @type {HTMLElement} */ (element.querySelector(".said"));
  const more = /** @type {HTMLButtonElement} */ (element.querySelector("[data-act=more]"));
  const theme = /** @type {HTMLButtonElement} */ (element.querySelector("[data-act=theme]"));
  let timer = 0;
  let showing = 0;

  const target = (/** @type {string} */ kind) =>
    left.get(kind) ?? { network: catalog.default_network, data: catalog.default_data }[kind] ?? catalog.default;

  function show() {
    const { comparison } = store.get();
    left.set(pageOf(comparison), comparison);
    for (const link of links) {
      const kind = link.dataset.kind ?? "";
      if (kind === pageOf(comparison)) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
      const there = target(kind);
      if (there) link.href = addressOf(there);
    }
  }

  for (const link of links) {
    link.addEventListener("click", (event) => {
      const comparison = target(link.dataset.kind ?? "");
      if (!comparison || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      if (pageOf(comparison) === pageOf(store.get().comparison)) return;
      openComparison(store, comparison);
    });
  }
  share.addEventListener("click", async () => {
    const address = addressOf(store.get().comparison);
    history.replaceState(history.state, "", address);
    let done = "share.copied";
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      done = "share.in_bar";
    }
    said.textContent = t(done);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void (said.textContent = ""), SAID_FOR);
  });
  theme.addEventListener("click", () => turnTheme(store));
  /** @param {boolean} open the menu that a phone has for the last buttons */
  const unfold = (open) => renew(more, { "aria-expanded": String(open) });
  more.addEventListener("click", () => unfold(more.getAttribute("aria-expanded") !== "true"));
  const foldAway = (/** @type {Event} */ event) => {
    const beside =
      event instanceof KeyboardEvent
        ? event.key === "Escape"
        : event.target instanceof Node && !element.contains(event.target);
    if (beside) unfold(false);
  };
  for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, foldAway);
  const ways = /** @type {const} */ (["back", "forth"]).map((way) => {
    const button = /** @type {HTMLButtonElement} */ (element.querySelector(`[data-act=${way}]`));
    button.addEventListener("click", () => undo(store, way));
    return () => renew(button, { disabled: !store.get().history[way] });
  });
  const showWays = () => ways.forEach((show) => show());
  store.subscribe(["history"], showWays);
  showWays();
  const stop = store.subscribe(["comparison"], ({ comparison }) => {
    window.clearTimeout(showing);
    // Addresses can wait while a slider moves; which page this is cannot.
    if (links.some((link) => link.dataset.kind === pageOf(comparison) && !link.hasAttribute("aria-current"))) show();
    else showing = window.setTimeout(show, PAUSE);
  });
  show();
  return () => {
    stop();
    for (const type of ["pointerdown", "keydown"]) document.removeEventListener(type, foldAway);
  };
}
