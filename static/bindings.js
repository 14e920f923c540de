// Controls by where in the comparison their numbers stand, such as `runs.0.rho`: they show what the comparison says, and
// what the server says of it.

/** @param {import("./types").Store} store */
export function createBindings(store) {
  /** @type {Map<string, import("./controls").Control>} */
  const controls = new Map();
  const stop = store.subscribe(["errors"], ({ errors }) => {
    for (const [location, control] of controls)
      control.complain(errors.find(({ loc }) => loc === location || loc.startsWith(`${location}.`))?.msg ?? "");
  });
  return {
    /**
     * @param {(string | number)[]} path
     * @param {import("./controls").Control} control
     */
    bind(path, control) {
      controls.set(path.join("."), control);
      return control.element;
    },
    clear: () => controls.clear(),
    /** @param {object} comparison */
    show(comparison) {
      for (const [location, control] of controls) {
        /** @type {any} */
        let value = comparison;
        for (const key of location.split(".")) value = value?.[key];
        if (typeof value === "number") control.set(value);
      }
    },
    stop,
  };
}
