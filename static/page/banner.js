// What the server or the connection has to say, quietly, in words.
import { t } from "../base/language.js";

const PATIENCE = 1200;

/** @type {import("../types").Mount} */
export function mount(element, store) {
  let timer = 0;
  element.setAttribute("role", "status");

  function show() {
    const { connection, errors, failure } = store.get();
    window.clearTimeout(timer);
    if (connection === "lost") {
      timer = window.setTimeout(() => say(t("banner.lost"), "lost"), PATIENCE);
      return;
    }
    if (failure !== null)
      say(errors.length ? errors.map(({ loc, msg }) => words(loc, msg)).join(" · ") : failure, "error");
    else say("", "");
  }

  /**
   * @param {string} text
   * @param {string} kind
   */
  function say(text, kind) {
    element.textContent = text;
    element.dataset.kind = kind;
    element.hidden = !text;
  }

  const stop = store.subscribe(["connection", "errors", "failure"], show);
  show();
  return stop;
}

/**
 * @param {string} loc
 * @param {string} msg
 */
function words(loc, msg) {
  if (!loc) return msg;
  const run = /^runs\.(\d+)\.(.+)$/.exec(loc);
  return run
    ? t("banner.run", { run: Number(run[1]) + 1, field: run[2] ?? "", msg })
    : t("banner.field", { field: loc, msg });
}
