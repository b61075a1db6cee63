// Prices as blocks: a line of them, or a small area chart with its scale.

const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * The last of each part, so that the newest price is always there.
 * @param {readonly number[]} values
 * @param {number} width
 */
export function sampled(values, width) {
  if (values.length <= width) return [...values];
  return Array.from(
    { length: width },
    (_, i) => /** @type {number} */ (values[Math.floor(((i + 1) * values.length) / width) - 1]),
  );
}

/** @param {readonly number[]} values @param {number} width */
export function sparkline(values, width) {
  const shown = sampled(values, width);
  const { low, span } = rangeOf(shown);
  return shown.map((value) => BLOCKS[1 + Math.round(((value - low) / span) * 7)]).join('');
}

/**
 * An area chart; the top row holds the highest price, the bottom row the lowest.
 * @param {readonly number[]} values @param {number} width @param {number} height @param {(value: number) => string} label
 * @returns {string[]} rows, the scale on the left
 */
export function chart(values, width, height, label) {
  const shown = values.length === 0 ? [] : values;
  const { low, high, span } = rangeOf(shown);
  const scale = Math.max(label(high).length, label(low).length);
  const columns = sampled(shown, Math.max(1, width - scale - 2));
  return Array.from({ length: height }, (_, row) => {
    const from = (height - 1 - row) * 8;
    const text = columns.map((value) => {
      const eighths = 1 + Math.round(((value - low) / span) * (8 * height - 1));
      return BLOCKS[Math.max(0, Math.min(8, eighths - from))];
    });
    const tick = row === 0 ? label(high) : row === height - 1 ? label(low) : '';
    return `${tick.padStart(scale)} ${row === 0 || row === height - 1 ? '┤' : '│'}${text.join('')}`;
  });
}

/** @param {readonly number[]} values */
function rangeOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return { low, high, span: high > low ? high - low : 1 };
}
