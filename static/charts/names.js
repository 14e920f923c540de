// Names beside the curves' ends.
import { LEAST } from "../base/numbers.js";

const LINE = 15;
const LONGEST_NAME = 12;

/**
 * Names beside the curves' last values, pushed apart so that they can be read, inside the chart's height.
 * @param {import("./series").Line[]} lines
 * @param {string[]} names nothing: no name there
 * @param {{range: [number, number], log: boolean, total: number, height: number}} scale
 */
export function apart(lines, names, { range, log, total, height }) {
  const [low, high] = range;
  const gap = ((high - low) * LINE) / height;
  // Half a line from the axis, whose last number stands right below, and from the top.
  const floor = low + gap / 2;
  const places = lines.map(({ y }, run) => {
    const last = y.findLast(Number.isFinite); // what cannot be told is a gap
    const value = last === undefined ? low : log ? Math.log10(Math.max(last, LEAST)) : last;
    return { run, at: Math.min(high, Math.max(floor, value)) };
  });
  const taken = places.filter(({ run }) => names[run]);
  taken.sort((first, second) => first.at - second.at || second.run - first.run);
  taken.forEach((place, index) => {
    const below = taken[index - 1];
    if (below) place.at = Math.max(place.at, below.at + gap);
  });
  let ceiling = high - gap / 2;
  for (const place of [...taken].reverse()) {
    place.at = Math.min(place.at, ceiling);
    ceiling = place.at - gap;
  }
  /** @type {number[]} */
  const y = [];
  for (const { run, at } of places) y[run] = log ? 10 ** at : at;
  const text = names.map((name) => {
    const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
    // A gap that does not break, between the curve and its name; Plotly would take what looks like markup for it.
    return `\u00a0${shown.replace(/&/g, "&amp;").replace(/</g, "&lt;")}`;
  });
  return { x: names.map(() => total), y, text };
}
