// Colours, or none: text is cut and padded first, so that what it looks like never changes how wide it is.
import { styleText } from 'node:util';

/** @typedef {Parameters<typeof styleText>[0]} Format */
/** @typedef {(format: Format, text: string) => string} Paint */

/** @param {boolean} colour whoever asks has looked at the stream: see `takesColour` @returns {Paint} */
export const painter = (colour) =>
  colour ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text;

/**
 * Whether a stream takes colours, as NO_COLOR and TERM say.
 * @param {{ isTTY?: boolean }} stream
 * @param {NodeJS.ProcessEnv} env
 */
export const takesColour = (stream, env) => stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';

/** Exactly so wide. @param {string} text @param {number} width */
export const fit = (text, width) =>
  text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width);

/** At most so wide. @param {string} text @param {number} width */
export const cut = (text, width) => fit(text, width).trimEnd();

/**
 * Lines of at most so many characters, broken between words; what follows stands further in than the first.
 * @param {string} text
 * @param {number} width
 */
export function wrap(text, width) {
  const indent = `${/^ */.exec(text)?.[0] ?? ''}    `;
  /** @type {string[]} */
  const lines = [];
  let rest = text;
  while (rest.length > width) {
    const at = rest.lastIndexOf(' ', width);
    if (at <= indent.length) break;
    lines.push(rest.slice(0, at));
    rest = indent + rest.slice(at + 1);
  }
  return [...lines, rest];
}
