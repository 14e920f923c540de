// Points as an SVG path in pixels: no point of the line is farther from where it belongs than can be seen.

const TOLERANCE = 0.2; // pixels
const GRAIN = 10; // of a pixel
const FAR = 1e4; // pixels: what lies beyond is cut off

/** @typedef {{ slope: number, zero: number, log: boolean }} Axis pixels of one, the pixel of 0; of powers of ten if log */

/**
 * Where values lie along an axis.
 * @param {ArrayLike<number | null>} values
 * @param {Axis} axis
 * @returns {Float64Array} pixels; NaN where there is nothing
 */
export function pixels(values, { slope, zero, log }) {
  const made = new Float64Array(values.length);
  for (let place = 0; place < made.length; place++) {
    const value = values[place] ?? Number.NaN;
    const at = zero + slope * (log ? Math.log10(value) : value);
    made[place] = Number.isFinite(at) ? at : Number.NaN;
  }
  return made;
}

/**
 * The `d` of a line through points, without those that it passes anyway.
 * @param {ArrayLike<number>} x in pixels; NaN is a gap
 * @param {ArrayLike<number>} y
 * @returns {string}
 */
export function lineThrough(x, y) {
  const pen = createPen();
  let [px, py] = [Number.NaN, Number.NaN];
  for (let place = 0; place < x.length; place++) {
    const [qx, qy] = [x[place] ?? Number.NaN, y[place] ?? Number.NaN];
    if (Number.isNaN(qx + qy)) pen.lift();
    else if (near(qx, qy) && (near(px, py) || Number.isNaN(px + py))) pen.draw(qx, qy);
    else if (!Number.isNaN(px + py)) {
      // Coordinates without bounds would have no digits left for what is seen.
      const cut = near(px, py) ? inside(px, py, qx, qy) : inside(qx, qy, px, py)?.reverse();
      if (!cut || !near(px, py)) pen.lift();
      for (const end of cut ?? []) pen.draw(...end);
    }
    [px, py] = [qx, qy];
  }
  return pen.done();
}

/**
 * The `d` of an outline, closed.
 * @param {ArrayLike<number>} x in pixels
 * @param {ArrayLike<number>} y
 * @returns {string}
 */
export function outlineThrough(x, y) {
  const pen = createPen();
  const bound = (/** @type {number | undefined} */ at) => Math.max(-FAR, Math.min(FAR, at ?? Number.NaN));
  for (let place = 0; place < x.length; place++) {
    const [qx, qy] = [bound(x[place]), bound(y[place])];
    if (!Number.isNaN(qx + qy)) pen.draw(qx, qy);
  }
  const d = pen.done();
  return d && `${d}Z`;
}

/**
 * Draws from an anchor as far as one straight line passes all points on the way: those directions from the anchor that
 * do make a sector, which each point narrows.
 */
function createPen() {
  let d = "";
  let down = false;
  let [ax, ay] = [0, 0]; // anchor
  let [lx, ly] = [0, 0]; // last point, not drawn yet unless it is the anchor
  let reach = 0; // from the anchor to the last point
  let [leftX, leftY, rightX, rightY] = [0, 0, 0, 0];

  /**
   * @param {string} how
   * @param {number} x
   * @param {number} y
   */
  function put(how, x, y) {
    d += `${how}${Math.round(x * GRAIN) / GRAIN},${Math.round(y * GRAIN) / GRAIN}`;
    [ax, ay, lx, ly, reach] = [x, y, x, y, 0];
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  function draw(x, y) {
    if (!down) {
      put("M", x, y);
      down = true;
      return;
    }
    let [dx, dy] = [x - ax, y - ay];
    let far = Math.sqrt(dx * dx + dy * dy);
    const passed =
      reach <= TOLERANCE
        ? far >= reach
        : far >= reach && rightX * dy - rightY * dx >= 0 && leftX * dy - leftY * dx <= 0;
    if (!passed) {
      put("L", lx, ly);
      [dx, dy] = [x - ax, y - ay];
      far = Math.sqrt(dx * dx + dy * dy);
    }
    if (far > TOLERANCE) {
      const aside = TOLERANCE / far;
      const [nx, ny] = [-dy * aside, dx * aside];
      const fresh = reach <= TOLERANCE;
      if (fresh || leftX * (dy + ny) - leftY * (dx + nx) < 0) [leftX, leftY] = [dx + nx, dy + ny];
      if (fresh || rightX * (dy - ny) - rightY * (dx - nx) > 0) [rightX, rightY] = [dx - nx, dy - ny];
    }
    [lx, ly, reach] = [x, y, far];
  }

  function lift() {
    if (down && (lx !== ax || ly !== ay)) put("L", lx, ly);
    down = false;
  }

  return {
    draw,
    lift,
    done() {
      lift();
      return d;
    },
  };
}

/**
 * @param {number} x
 * @param {number} y
 */
const near = (x, y) => x >= -FAR && x <= FAR && y >= -FAR && y <= FAR;

/**
 * What of a way lies not too far away (Liang and Barsky 1984); exact where it begins near, however far it leads.
 * @param {number} fromX
 * @param {number} fromY
 * @param {number} toX
 * @param {number} toY
 * @returns {[number, number][] | null} its ends
 */
function inside(fromX, fromY, toX, toY) {
  const [dx, dy] = [toX - fromX, toY - fromY];
  let [enter, leave] = [0, 1];
  for (const [by, room] of /** @type {const} */ ([
    [-dx, fromX + FAR],
    [dx, FAR - fromX],
    [-dy, fromY + FAR],
    [dy, FAR - fromY],
  ])) {
    if (by === 0 && room < 0) return null;
    if (by < 0) enter = Math.max(enter, room / by);
    if (by > 0) leave = Math.min(leave, room / by);
  }
  if (!(enter <= leave)) return null;
  return [enter, leave].map((share) => [fromX + share * dx, fromY + share * dy]);
}
