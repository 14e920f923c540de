// Controls by where in the comparison their numbers stand, such as `runs.0.rho`: they show what the comparison says, and
// what the server says of it.

/** @param {import("../types").Store} store */
export function createBindings(store) {
  /** @type {Map<string, import("./controls").Control>} */
  const controls = new Map();
  /** @type {Map<string, string>} what the server said of them last */
  const said = new Map();
  /** @param {string} location */
  const message = (location) =>
    store.get().errors.find(({ loc }) => loc === location || loc.startsWith(`${location}.`))?.msg ?? "";
  const stop = store.subscribe(["errors"], () => {
    for (const [location, control] of controls) {
      // What the page itself has to say of a field stays while the server says nothing new about it.
      if (message(location) !== (said.get(location) ?? "")) control.complain(message(location));
      said.set(location, message(location));
    }
  });
  return {
    /**
     * @param {(string | number)[]} path
     * @param {import("./controls").Control} control
     */
    bind(path, control) {
      const location = path.join(".");
      controls.set(location, control);
      said.set(location, message(location));
      if (message(location)) control.complain(message(location));
      return control.element;
    },
    clear() {
      controls.clear();
      said.clear();
    },
    /** @param {object} comparison */
    show(comparison) {
      for (const [location, control] of controls) {
        /** @type {any} */
        let value = comparison;
        for (const key of location.split(".")) value = value?.[key];
        if (value !== null && value !== undefined) control.set(value);
      }
    },
    stop,
  };
}
