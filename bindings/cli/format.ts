// Numbers and words for people. Nothing that is shown here is computed with again.

const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
const significant = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 7 });

/** A zero keeps no sign: -0.001 shows as 0.00. */
const unsigned = (text: string): string => (/^-[0.,]*$/.test(text) ? text.slice(1) : text);

export const count = (value: number): string => unsigned(integers.format(value));
export const money = (value: number): string => unsigned(cents.format(value));
/** 1.23M: for tiles and axes. */
export const short = (value: number): string => unsigned(compact.format(value));
/** A size or price: as many digits as it needs, seven at most. */
export const quantity = (value: number): string => unsigned(significant.format(value));
/**
 * Whole minor units of an asset: 1,000.50.
 * @param digits - after the point, that the asset has
 * @param shown - of them; more only where the amount would look like 0
 */
export function units(minor: bigint, digits: number, shown = digits): string {
  const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  const [whole, fraction] = [text.slice(0, text.length - digits), text.slice(text.length - digits)];
  const cut = fraction.slice(0, shown);
  const seen = minor === 0n || /[1-9]/.test(whole + cut) ? cut : fraction;
  return `${minor < 0n ? '-' : ''}${integers.format(BigInt(whole))}${seen && `.${seen}`}`;
}
/** Share of a sum, cut at a tenth of a percent: whole numbers are divided as such. */
export const percentOf = (part: bigint, whole: bigint): string => {
  const tenths = whole === 0n ? 0n : (part * 1000n) / whole;
  return `${tenths / 10n}.${tenths % 10n} %`;
};
export const percent = (ratio: number, digits = 1): string => `${(100 * ratio).toFixed(digits)} %`;
/** A move of a price: always with its sign, and with more digits where two would show none. */
export function signedPercent(ratio: number): string {
  const size = Math.abs(ratio);
  return `${ratio < 0 ? '-' : '+'}${percent(size, size < 0.0001 ? 4 : 2)}`;
}
export const seconds = (value: number): string =>
  value < 0.995 ? `${Math.max(1, Math.round(value * 1000))} ms` : `${value.toFixed(value < 9.95 ? 2 : 1)} s`;
/** 1 account, 2 accounts. */
export const many = (value: number, one: string): string => `${count(value)} ${one}${value === 1 ? '' : 's'}`;

/** The title of a table, a line of its own. */
export const heading = (text: string, colour: boolean): string => `${colour ? `\x1b[1m${text}\x1b[22m` : text}\n`;

/** Words in lines of at most `width` characters, each line with the same indent. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > width && line.trim() !== '') {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}
