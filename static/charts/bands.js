// The band of a chart in which eight of ten seeds lie, as one outline: there along its upper end, back along the lower.

/** @typedef {{ low: number[], middle: number[], high: number[] }} Band three numbers a step, or an iterate */

/**
 * @param {Float32Array | undefined} triples what a tenth, half and nine tenths of the seeds do not exceed
 * @returns {Band | null}
 */
export function bandOf(triples) {
  if (!triples?.length) return null;
  const steps = triples.length / 3;
  /** @param {number} level */
  const column = (level) => Array.from({ length: steps }, (_, step) => triples[3 * step + level] ?? 0);
  return { low: column(0), middle: column(1), high: column(2) };
}

/**
 * @param {Band | null} band
 * @param {(value: number) => number} shifted what is drawn of a value
 * @param {number} most what lies beyond it is drawn there: seeds that diverged count as the largest number there is
 */
export function outline(band, shifted, most) {
  if (!band) return { x: [], y: [] };
  const steps = band.low.map((_, place) => place);
  const seen = (/** @type {number} */ value) => Math.min(shifted(value), most);
  return { x: [...steps, ...steps.toReversed()], y: [...band.high.map(seen), ...band.low.map(seen).toReversed()] };
}
