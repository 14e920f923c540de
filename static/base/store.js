// The page's one state. It flows down by `subscribe`; what a person does goes up by `update`.

/**
 * @param {import("../types").State} initial
 * @returns {import("../types").Store}
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<{keys: (keyof import("../types").State)[], listener: (state: import("../types").State) => void}>} */
  const listeners = new Set();
  return {
    get: () => state,
    update(patch) {
      const before = state;
      state = { ...state, ...patch };
      const after = state;
      for (const { keys, listener } of [...listeners]) {
        if (keys.some((key) => key in patch && before[key] !== after[key])) listener(state);
      }
    },
    subscribe(keys, listener) {
      const entry = { keys, listener };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
  };
}
