// One line a figure: what was measured, how much, and beside it what it should be or how to read it.

export const mb = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
export const ms = (/** @type {number} */ x) => `${x.toFixed(2)} ms`;
export const us = (/** @type {number} */ x) => `${x.toFixed(2)} us`;

/** @param {string} what @param {string} measured @param {string} [beside] */
export const say = (what, measured, beside = '') =>
  console.log(`${what.padEnd(46)} ${measured.padStart(12)}  ${beside}`.trimEnd());

/** @param {number[]} xs */
export const median = (xs) => [...xs].sort((a, b) => a - b)[xs.length >> 1] ?? Number.NaN;

/** A quantile of what is in order of size. @param {Float64Array} xs @param {number} q */
export const quantile = (xs, q) => xs[Math.min(xs.length - 1, Math.floor(q * xs.length))] ?? Number.NaN;
