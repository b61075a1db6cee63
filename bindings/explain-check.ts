// A verdict on an order as text: what was decided and why, and the account before and after.

import { money, quantity } from './amounts.js';
import type { BasketVerdict } from './basket.js';
import type { Verdict } from './check.js';
import type { CheckRisk, Reason } from './verdict.js';

/** Every reason as a sentence. */
const SAYS: Record<Reason, string> = {
  enoughMargin: 'there is enough initial margin once it has filled',
  lessRisk: 'the account has too little initial margin, but the order leaves it less risky',
  insufficientMargin: 'there would be too little initial margin once it has filled',
  moreRisk: 'the account has too little initial margin already, and the order would not leave it less risky',
  offTick: 'its price is not a multiple of the tick',
  offLot: 'its size is not a multiple of the lot',
  belowMinNotional: 'its value is below the least that the market takes',
  aboveMaxSize: 'the position would be larger than the market allows',
  notReducing: 'it may only reduce, but it would open or enlarge a position',
  wrongSide: 'it would take the long side below 0, or the short side above',
};

const ROWS: [name: string, of: (risk: CheckRisk) => number][] = [
  ['equity', (r) => r.equity],
  ['initial margin', (r) => r.initialMargin],
  ['available', (r) => r.available],
  ['maintenance margin', (r) => r.maintenanceMargin],
  ['maintenance health', (r) => r.collateral - r.maintenanceMargin],
  ['notional', (r) => r.notional],
];

const priceOrNone = (price: number | null): string => (price === null ? 'none' : quantity(price));

/**
 * A verdict in words: the decision with its reason, risk before and after, reservation, liquidation prices.
 * @param verdict - of check, checkAll or checkBasket
 * @example
 * console.log(checkText(check(book, 'a1', { market: 'BTC-PERP', side: 'buy', size: 2 })));
 */
export function checkText(verdict: Omit<Verdict, 'liquidationPrice'> & Partial<Verdict & BasketVerdict>): string {
  const { accept, reason, before, after, reservation, liquidationPrice, liquidationPrices = {} } = verdict;
  const cells = ROWS.map(([name, of]) => [name, money(of(before)), money(of(after))]);
  const head = ['', 'before', 'after'];
  const widths = [0, 1, 2].map((i) => Math.max(...[head, ...cells].map((row) => (row[i] ?? '').length)));
  const line = (row: string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  const lines = [
    `${accept ? 'accepted' : 'refused'}: ${SAYS[reason]}`,
    '',
    ...[head, ...cells].map((row) => `  ${line(row)}`.trimEnd()),
    '',
    `  ${reservation < 0 ? 'frees' : 'takes'} ${money(Math.abs(reservation))} of what is available`,
  ];
  const prices = Object.entries(liquidationPrices).map(([market, price]) => [` of ${market}`, price] as const);
  for (const [of, { down, up }] of liquidationPrice ? [['', liquidationPrice] as const] : prices) {
    lines.push(`  liquidation price${of} after it: down ${priceOrNone(down)}, up ${priceOrNone(up)}`);
  }
  return `${lines.join('\n')}\n`;
}
