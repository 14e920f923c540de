// Elements in one line.

const LONGEST_PIECE = 26;
const DEEPEST = 2;

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean | number | ((event: any) => void)>} [attributes] `on…` listens, `text` is text
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = String(value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Give an element what it does not have yet. Writing what stands there already would have the browser look at it again,
 * in every frame of a drag.
 * @param {HTMLElement} element
 * @param {Record<string, string | boolean>} wanted attributes; `text` is text, and true or false whether one is there
 */
export function renew(element, wanted) {
  for (const [name, value] of Object.entries(wanted)) {
    if (name === "text") {
      if (element.textContent !== value) element.textContent = String(value);
    } else if (typeof value === "boolean") {
      if (element.hasAttribute(name) !== value) element.toggleAttribute(name, value);
    } else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

/**
 * Put other children into an element; where one of the old ones had the focus, the one in its place has it again.
 * @param {HTMLElement} element
 * @param {(Node | string)[]} children
 */
export function replaceKeepingFocus(element, children) {
  const reached = () => [...element.querySelectorAll("input, select, button, summary")];
  const focused = document.activeElement;
  const [place, name] = [focused ? reached().indexOf(focused) : -1, focused?.getAttribute("name")];
  element.replaceChildren(...children);
  if (place < 0) return;
  const now = reached();
  const same = name ? now.find((one, at) => one.getAttribute("name") === name && at >= place - 1) : now[place];
  const closed = same?.closest("details:not([open])")?.querySelector("summary");
  const next = closed ?? same ?? now[now.length - 1];
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}

/**
 * MathML of the catalog, as elements.
 * @param {string[]} lines
 * @param {boolean} [narrow] whether a line may go on in the next one, before a sign
 */
export function formula(lines, narrow = false) {
  const holder = h("div", { class: "formula" });
  for (const line of lines) {
    const parsed = new DOMParser().parseFromString(line, "text/html").querySelector("math");
    if (!parsed) continue;
    const made = document.importNode(parsed, true);
    holder.append(h("div", {}, narrow ? pieces(made) : [made]));
  }
  return holder;
}

/**
 * A formula in pieces that begin with a sign, since browsers do not break its line themselves: outside of brackets, and
 * inside of them where a piece is long.
 * @param {MathMLElement} math
 * @returns {(Node | string)[]}
 */
function pieces(math) {
  const row = math.firstElementChild;
  if (row?.localName !== "mrow") return [math];
  let depth = 0;
  let before = "=";
  const parts = [...row.children]
    .flatMap((part) => (part.localName === "mrow" ? [...part.children] : [part]))
    .map((part) => {
      const sign = (part.localName === "mo" ? part : part.querySelector(":scope > mo:first-child"))?.textContent ?? "";
      if (sign === "(") depth += 1;
      if (sign === ")") depth -= 1;
      const breaks = part.localName === "mo" && /^[+−⋅·-]$/.test(sign) && !/^[=(]?$/.test(before);
      before = part.textContent ?? "";
      return { part, depth, breaks };
    });
  /** @type {(whole: typeof parts, deepest?: number) => (typeof parts)[]} */
  const split = (whole, deepest = 0) => {
    /** @type {(typeof parts)[]} */
    const found = [[]];
    for (const one of whole) {
      if (one.breaks && one.depth <= deepest && found[found.length - 1]?.length) found.push([]);
      found[found.length - 1]?.push(one);
    }
    return found.flatMap((piece) =>
      deepest < DEEPEST && piece.map(({ part }) => part.textContent).join("").length > LONGEST_PIECE
        ? split(piece, deepest + 1)
        : [piece],
    );
  };
  const found = split(parts);
  if (found.length === 1) return [math];
  return found.flatMap((piece) => {
    const own = /** @type {MathMLElement} */ (math.cloneNode(false));
    own.setAttribute("display", "inline");
    own.setAttribute("displaystyle", "true");
    for (const { part, breaks } of piece) {
      // At the beginning of its piece a sign would stand as close as that of a negative number.
      if (breaks) for (const side of ["lspace", "rspace"]) part.setAttribute(side, "0.222em");
      own.append(part);
    }
    return [own, h("wbr")];
  });
}

/**
 * Light up, or no longer, the symbols of one parameter.
 * @param {ParentNode} root
 * @param {string} name
 * @param {boolean} lit
 */
export function light(root, name, lit) {
  for (const symbol of root.querySelectorAll(`[data-parameter="${name}"]`)) symbol.classList.toggle("lit", lit);
}
