// How a part changes the comparison: a copy with one thing other, and when that was asked for.

/**
 * @param {import("../types").Store} store
 * @param {(comparison: import("../types").Comparison) => void} edit changes its argument, a copy
 * @param {Event} [event] the input event, where a hand is still moving
 */
export function change(store, edit, event) {
  const comparison = structuredClone(store.get().comparison);
  edit(comparison);
  store.update({ comparison, moved: event ? event.timeStamp : null, moving: Boolean(event) });
}

/** @param {import("../types").Store} store */
export function settle(store) {
  if (store.get().moving) store.update({ moving: false });
}
