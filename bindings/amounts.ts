// Numbers as explanations write them: amounts of money have two decimals, sizes and prices as many as they need, so numbers of
// a block stand in one form.

/** Below it a number is written with an exponent: it is a rest of rounding, but its sign may decide. */
const TINY = 1e-8;

const grouped = (text: string): string => {
  const [whole = '', part] = text.split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${part === undefined ? '' : `.${part}`}`;
};

/** Decimals that show two significant digits, at least two. */
const decimals = (x: number): number => Math.max(2, 1 - Number(x.toExponential(1).split('e')[1]));

/** An amount of money or a percentage: two decimals, more where two would hide it. */
export function money(x: number): string {
  if (x !== 0 && Math.abs(x) < TINY) return x.toExponential(1);
  return grouped((x + 0).toFixed(decimals(x)));
}

/** A size or price: the shortest text that is exact to eight decimals. */
export function quantity(x: number): string {
  if (x !== 0 && Math.abs(x) < TINY) return String(x);
  const text = (x + 0).toFixed(8);
  return grouped(text.replace(/\.?0+$/, ''));
}

/** A computed price: ten significant digits, which tell it from the ticks beside it. */
export const price = (x: number): string => {
  const text = String(Number(x.toPrecision(10)));
  return text.includes('e') ? text : grouped(text);
};

export const percent = (x: number | null): string => (x === null ? '-' : `${money(x * 100)} %`);
