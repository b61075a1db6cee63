// What the centralised exchanges without a file of their own have in common (BingX, Flipster, Toobit, Bit.com, text books):
// flat haircuts, one rate for every notional, margin fixed at entry, isolated positions. Shapes in, parts of a book out.
import type { AccountJSON, AssetJSON, Decimal, MarketJSON, PositionJSON } from '../book/types.js';
import { complement } from './decimal.js';
import { fraction, Row } from './rows.js';

const PERPETUAL = [
  'id',
  'kind',
  'settle',
  'multiplier',
  'mark',
  'maintenanceRate',
  'initialRate',
  'atEntry',
  'closingFee',
] as const;

/** A perpetual with one pair of rates. */
export interface Perpetual {
  /** Of the market. */
  id: string;
  /** linear: size in base, settled in quote. inverse: size in contracts of `multiplier` USD, settled in coin. */
  kind?: 'linear' | 'inverse';
  /** Asset that profit and loss are paid in. */
  settle: string;
  /** Units of base (USD of an inverse one) in a contract; default 1. */
  multiplier?: Decimal;
  /** Quote. */
  mark: Decimal;
  /** Fractions; the initial rate defaults to the maintenance rate. */
  maintenanceRate: Decimal;
  /** Fraction; default the maintenance rate. */
  initialRate?: Decimal;
  /** Levels whose rate is taken on the value at entry instead of the mark. */
  atEntry?: { initial?: boolean; maintenance?: boolean };
  /** Fee to close at the mark, part of the maintenance requirement. */
  closingFee?: Decimal;
}

/**
 * An asset with one haircut.
 * @param asset - price (USD) and haircut, a fraction; 1: not accepted
 * @returns asset with the weight 1 - haircut
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * haircutAsset({ id: 'BCH', price: 300, haircut: 0.05 }).assetWeight // '0.95'
 */
export function haircutAsset(asset: { id: string; price: Decimal; haircut: Decimal }): AssetJSON {
  const row = new Row(asset, '', ['id', 'price', 'haircut'], 'haircutAsset');
  return { id: row.text('id'), price: row.decimal('price'), assetWeight: complement(fraction(row, 'haircut')) };
}

/**
 * A perpetual as a market.
 * @param perpetual - rates and where they are taken
 * @returns market with one bracket
 * @throws MarginError missing-key, unknown-key, type
 * @example
 * perpetual({ id: 'BTC', settle: 'USDT', mark: 28_000, maintenanceRate: 0.01, initialRate: 0.1 }).brackets
 *   // [{ upTo: null, maintenanceRate: 0.01, initialRate: 0.1 }]
 */
export function perpetual(perpetual: Perpetual): MarketJSON {
  const row = new Row(perpetual, '', PERPETUAL, 'perpetual');
  const atEntry = row.has('atEntry') ? row.row('atEntry', ['initial', 'maintenance']) : undefined;
  const basis = (level: string): 'entry' | 'notional' => (atEntry?.raw(level) ? 'entry' : 'notional');
  return {
    id: row.text('id'),
    kind: row.word('kind', ['linear', 'inverse'], 'linear'),
    settle: row.text('settle'),
    ...row.some('multiplier', 'multiplier'),
    mark: row.decimal('mark'),
    brackets: [
      { upTo: null, maintenanceRate: row.decimal('maintenanceRate'), ...row.some('initialRate', 'initialRate') },
    ],
    ...(atEntry ? { tables: { basis: { initial: basis('initial'), maintenance: basis('maintenance') } } } : {}),
    ...(row.has('closingFee') ? { closingFee: { initial: 0, maintenance: row.decimal('closingFee') } } : {}),
  };
}

/**
 * An account that holds one isolated position and nothing else.
 * @param id - of the account
 * @param position - market, signed size, entry price, leverage
 * @param margin - isolated margin by asset; none while the position's own initial margin is being asked for
 * @returns account whose bucket 1 is the position
 * @example
 * isolated('a', { market: 'BTC', size: 1, entry: 100 }, { USDT: 10 }).buckets[0].balances // { USDT: 10 }
 */
export function isolated(id: string, position: PositionJSON, margin: Record<string, Decimal> = {}): AccountJSON {
  return { id, buckets: [{ bucket: 1, balances: margin, positions: [position] }] };
}

export * from './cex-prices.js';
