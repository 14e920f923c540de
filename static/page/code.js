// The comparison as a script: a dialog with one tab a library, and a button that copies what it shows.
import { h, renew } from "../base/dom.js";
import { t } from "../base/language.js";

const FLAVOURS = ["optax", "pytorch"];
const SAID_FOR = 2000;

/** @type {import("../types").Mount} `element` is the button that opens it */
export function mount(element, store) {
  let flavour = "optax";
  let asked = 0;
  let timer = 0;
  const tabs = FLAVOURS.map((name) =>
    h("button", {
      type: "button",
      role: "tab",
      "data-flavour": name,
      "aria-controls": "code-text",
      text: t(`code.${name}`),
      onclick: () => choose(name),
    }),
  );
  const text = h("pre", { id: "code-text", role: "tabpanel", tabindex: 0, "aria-label": t("code.script") });
  const copy = h("button", { type: "button", text: t("code.copy"), onclick: copied });
  const close = h("button", { type: "button", text: t("code.close"), onclick: () => dialog.close() });
  const dialog = h("dialog", { class: "code", "aria-labelledby": "code-title" }, [
    h("header", {}, [
      h("h2", { id: "code-title", text: t("code.title") }),
      h("div", { class: "tabs", role: "tablist" }, tabs),
    ]),
    text,
    h("footer", {}, [close, copy]),
  ]);
  document.body.append(dialog);

  function open() {
    dialog.showModal();
    choose(flavour);
  }

  /** @param {string} name */
  function choose(name) {
    flavour = name;
    for (const tab of tabs) {
      const chosen = tab.dataset.flavour === name;
      renew(tab, { "aria-selected": String(chosen), tabindex: chosen ? "0" : "-1" });
    }
    load();
  }

  /** Ask for the script; only the answer to the last question is shown. */
  async function load() {
    const mine = ++asked;
    show(t("code.waiting"), false);
    const [said, sound] = await script(store.get().comparison, flavour);
    if (mine === asked) show(said, sound);
  }

  /**
   * @param {string} said
   * @param {boolean} sound whether it is a script
   */
  function show(said, sound) {
    renew(text, { text: said, "data-kind": sound ? "script" : "words" });
    renew(copy, { disabled: !sound });
    text.scrollTop = 0;
  }

  async function copied() {
    let said = "code.copied";
    try {
      await navigator.clipboard.writeText(text.textContent ?? "");
    } catch {
      said = "code.not_copied";
    }
    copy.textContent = t(said);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void (copy.textContent = t("code.copy")), SAID_FOR);
  }

  dialog.addEventListener("keydown", (event) => {
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const place = tabs.findIndex((tab) => tab === event.target);
    if (!turn || place < 0) return;
    const next = tabs[(place + turn + tabs.length) % tabs.length];
    next?.click();
    next?.focus();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  element.addEventListener("click", open);
  return () => {
    element.removeEventListener("click", open);
    dialog.remove();
  };
}

/**
 * @param {import("../types").Comparison} comparison
 * @param {string} flavour
 * @returns {Promise<[string, boolean]>} the script, or why there is none; whether it is one
 */
async function script(comparison, flavour) {
  const query = new URLSearchParams({ c: JSON.stringify(comparison), flavour });
  try {
    const answer = await fetch(new URL(`/api/code?${query}`, import.meta.url));
    if (answer.ok) return [await answer.text(), true];
    const { errors, title } = await answer.json();
    return [
      (errors ?? []).map((/** @type {import("../types").Complaint} */ { msg }) => msg).join("\n") || title,
      false,
    ];
  } catch {
    return [t("code.failed"), false];
  }
}
