// Liquidation prices with their certificates as text: where each is, which bracket holds there, health on both sides of it, and
// how it was found.
import { money, percent, price, quantity } from './amounts.js';
import type { Certificate, Point } from './certificate.js';
import type { LiquidationPrice } from './liquidation.js';

type End = 'down' | 'up';

/** Far ends of a range: three digits are enough to see how far they are. */
const rough = (x: number): string => price(Number(x.toPrecision(3)));

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

const moveTo = (price: number, mark: number): string => `${price > mark ? '+' : ''}${percent(price / mark - 1)}`;

/** Nothing found on a side: how far was looked, and what the unit is there. */
function none({ status, down, up }: LiquidationPrice, end: End, { end: last, method }: Certificate): string {
  const reach = `${end} to ${rough(last)}${method === 'bracketed' ? ', on a grid, as health is not concave' : ''}`;
  if (status === 'healthy') return `none: healthy ${reach}`;
  return down === null && up === null ? `none: healthy at no price ${reach}` : `none: from there on healthy ${reach}`;
}

/** The price on the tick grid, and the tick on the healthy side of it. */
function edge({ status, mark }: LiquidationPrice, { tick }: Certificate): string {
  if (!tick) return 'liquidatable there and beyond';
  const closer = Math.abs(tick.healthy - mark) < Math.abs(tick.liquidatable - mark);
  const step = `one tick ${closer ? 'closer' : 'further'}, ${price(tick.healthy)}`;
  return `liquidatable at ${price(tick.liquidatable)}, ${step}, it is ${status === 'healthy' ? 'healthy' : 'healthy again'}`;
}

function way({ status, method: name, iterations, evaluations }: Certificate): string {
  const work = `margined ${count(evaluations, 'time')}`;
  if (name === 'bracketed') return `by a grid and bisection, as health is not concave along this price, ${work}`;
  const steps = count(iterations, 'Newton step');
  return status === 'capped' ? `by bisection after ${steps}, ${work}` : `by ${steps}, ${work}`;
}

function found(answer: LiquidationPrice, c: Certificate): string[] {
  const { price: at, health } = c.liquidatable as Point;
  const bracket = c.bracket === null ? '' : `, in bracket ${c.bracket + 1}`;
  const where = c.visited.map((point) => price(point.price));
  return [
    `${price(at)} (${moveTo(at, answer.mark)})${bracket}: ${edge(answer, c)}`,
    `health ${money(health)} at it, ${money((c.healthy as Point).health)} one double before; found ${way(c)}`,
    ...(where.length > 1 ? [`health changes side, or comes near 0, at ${where.join(', ')}`] : []),
  ];
}

function lines(answer: LiquidationPrice): string[] {
  const { market, bucket, side, size, mark, asset, status, certificate } = answer;
  const name = side === 'net' ? (size < 0 ? 'short' : 'long') : `${side} side`;
  const held = size === 0 ? 'nothing held' : `${name} ${quantity(Math.abs(size))}`;
  const where = bucket === 0 ? '' : ` in bucket ${bucket}`;
  const now = status === 'healthy' ? 'healthy' : 'liquidatable now';
  const ends = (['down', 'up'] as const).flatMap((end) => {
    const c = certificate[end];
    const [first = '', ...others] = c.liquidatable && c.healthy ? found(answer, c) : [none(answer, end, c)];
    return [`    ${end.padEnd(4)}  ${first}`, ...others.map((line) => `          ${line}`)];
  });
  return [`  ${market}${where}  ${held}, ${asset ? `${asset} at` : 'mark'} ${quantity(mark)}: ${now}`, ...ends];
}

/**
 * Liquidation prices with their certificates as lines of text: the price and its distance, the bracket that the position's
 * notional lies in there, the tick, health on both sides, and how it was found.
 * @param prices - what `liquidationPrices(book, account)` gave
 * @example
 * console.log(explainPrices(liquidationPrices(book, 'a1')));
 */
export function explainPrices(prices: readonly LiquidationPrice[]): string {
  return [
    'Liquidation prices, each with all that shares its underlying; the rest stays',
    ...prices.flatMap(lines),
  ].join('\n');
}
