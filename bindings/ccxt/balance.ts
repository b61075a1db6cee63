// What `fetchBalance` gives as the cross wallet of an account: less debts, less what the venue counts in that the book holds
// elsewhere (profit of open positions, wallets of isolated ones).
import { decimal as real } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { negate, sum } from '../venues/decimal.js';
import { Row } from '../venues/rows.js';
import type { Rules } from './conventions.js';
import type { Balances } from './shapes.js';

/** Keys of `fetchBalance` that are no currencies. */
const OTHER = ['info', 'free', 'used', 'total', 'debt', 'timestamp', 'datetime'];

/** What a row has of a currency, and what there is a dictionary of. */
const AMOUNTS = ['free', 'used', 'total', 'debt'] as const;

/** Rows by currency, those of dictionaries alone included. */
export function balanceRows(balances: Balances, path: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  const all = new Row(balances, path);
  for (const [code, value] of all.entries()) {
    if (OTHER.includes(code) || value === undefined || value === null) continue;
    // An amount alone does not say whether it is all of it, so nothing is read from it: a gap.
    rows.set(code, new Row(typeof value === 'object' ? value : {}, `${path}.${code}`));
  }
  if (rows.size > 0) return rows;
  // A balance that went through somebody's own storage may have kept the dictionaries only.
  const parts = AMOUNTS.filter((name) => all.has(name)).map((name) => [name, all.row(name)] as const);
  for (const code of new Set(parts.flatMap(([, part]) => part.entries().map(([key]) => key)))) {
    const own = parts.filter(([, part]) => part.has(code)).map(([name, part]) => [name, part.raw(code)] as const);
    rows.set(code, new Row(Object.fromEntries(own), `${path}.${own.at(-1)?.[0]}.${code}`));
  }
  return rows;
}

/** Total less debt, as the venue counts it. @throws MarginError missing-key */
export function amountOf(row: Row): Decimal {
  const debt = row.has('debt') ? [negate(row.decimal('debt'))] : [];
  if (row.has('total')) return debt.length === 0 ? row.decimal('total') : sum(row.decimal('total'), ...debt);
  if (row.has('free') && row.has('used')) return sum(row.decimal('free'), row.decimal('used'), ...debt);
  throw new MarginError('missing-key', {
    path: row.at('total'),
    expected: 'the whole balance, or free and used',
    hint: 'What is used is not known from what is free; look at info and set total',
  });
}

/** What positions that settle in one asset have in the balance of it. */
export interface Shares {
  /** Whether there are cross positions, isolated ones. */
  cross: boolean;
  isolated: boolean;
  /** Their profit and what isolated ones hold beside it, asked for only where they are counted in. */
  crossProfits: () => Decimal[];
  isolatedProfits: () => Decimal[];
  isolatedWallets: () => Decimal[];
}

/**
 * Cross wallet of an asset.
 * @throws MarginError missing-key
 */
export function crossWallet(row: Row, rules: Rules, shares: Shares | undefined): Decimal {
  const amount = amountOf(row);
  if (!shares || (!shares.cross && !shares.isolated)) return amount;
  const total = rules.need('total', 'what total is: wallet or equity (with profit)');
  const inside = shares.isolated && rules.need('isolated', 'whether isolated wallets are inside total') === 'inside';
  const others = [
    ...(total === 'equity' ? shares.crossProfits() : []),
    ...(inside ? shares.isolatedWallets() : []),
    ...(inside && total === 'equity' ? shares.isolatedProfits() : []),
  ];
  const wallet = others.length === 0 ? amount : sum(amount, ...others.map(negate));
  real(wallet, row.path);
  return wallet;
}
