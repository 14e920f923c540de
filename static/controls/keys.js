// How far a slider goes with each key: a hundredth of its way, a thousandth with Shift, a tenth with Page Up and Down.

/** @type {Record<string, number>} share of the way */
const STEPS = {
  ArrowLeft: -0.01,
  ArrowDown: -0.01,
  ArrowRight: 0.01,
  ArrowUp: 0.01,
  PageDown: -0.1,
  PageUp: 0.1,
  Home: -1,
  End: 1,
};
const FINE = 0.1;

/**
 * @param {KeyboardEvent} event
 * @param {number} position where the slider stands
 * @param {number} from its left end
 * @param {number} to its right end
 * @returns {number | null} where it goes; null where this key is none of its
 */
export function turned({ key, shiftKey, ctrlKey, metaKey, altKey }, position, from, to) {
  const step = STEPS[key];
  if (step === undefined || ctrlKey || metaKey || altKey) return null;
  const fine = shiftKey && key.startsWith("Arrow") ? FINE : 1;
  return Math.min(to, Math.max(from, position + step * fine * (to - from)));
}
