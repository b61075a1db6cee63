// Numbers for people: grouped, with a true minus sign, as many digits as say something.

const minus = (text: string): string => text.replace('-', '−');
const fixed = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const [whole, cents] = [fixed(0), fixed(2)];
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });

/** An amount of the numeraire: 12,149.67; large ones without cents. */
export const money = (x: number): string => {
  const shown = Math.abs(x) >= 1e6 ? whole.format(x) : cents.format(x);
  return minus(shown === '-0.00' ? '0.00' : shown);
};

/** With its sign, for profits. */
export const signed = (x: number): string => (x > 0 ? `+${money(x)}` : money(x));

/** For narrow cells: −12.4K. */
export const compact = (x: number): string => {
  if (Math.abs(x) < 0.5) return '0';
  return `${x > 0 ? '+' : ''}${minus(Math.abs(x) < 1000 ? whole.format(x) : short.format(x))}`;
};

/** A share: 0.123 is 12.3 %. */
export const percent = (x: number, places = 1): string => `${minus(fixed(places).format(100 * x))} %`;

export const signedPercent = (x: number, places = 1): string => (x > 0 ? `+${percent(x, places)}` : percent(x, places));

/** A move: as a share, or as a multiple where it is one. */
export const move = (x: number): string => (x < 9 ? signedPercent(x) : `×${whole.format(1 + x)}`);

/** A price, with the digits of its size. */
export function price(x: number): string {
  const size = Math.abs(x);
  if (size >= 1000) return minus(cents.format(x)).replace(/\.00$/, '');
  if (size >= 1) return minus(fixed(size >= 100 ? 2 : 4).format(x));
  return minus(digits.format(x));
}

const decimalsOf = (x: number): number => (Math.abs(x) >= 1000 ? 2 : 6);

/** A size or an amount of an asset. */
export const amount = (x: number): string =>
  minus(new Intl.NumberFormat('en', { maximumFractionDigits: decimalsOf(x) }).format(x));

/** The same of what there is at most: never more than that. */
export const atMost = (x: number): string => {
  const unit = 10 ** decimalsOf(x);
  const n = x * unit;
  const nearest = Math.round(n);
  // 0.29 is 29 hundredths, whatever the product says.
  return amount((Math.abs(n - nearest) <= 1e-12 * Math.abs(n) ? nearest : Math.floor(n)) / unit);
};

/** A ratio such as a leverage. */
export const times = (x: number): string => (Number.isFinite(x) ? `${minus(fixed(2).format(x))}×` : 'no bound');
