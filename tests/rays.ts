// A ray of prices as a reader would walk it: marks and prices set one by one through the public updates, then the account
// margined anew. What a solver says is judged by this and by nothing of its own. And numbers next to numbers.
import { accountMargin } from '../bindings/index.js';
import type { BookBase, BookJSON, MarketJSON } from '../bindings/public.js';

export const LEVELS = ['initial', 'maintenance', 'liquidationEnd'] as const;
export type LevelName = (typeof LEVELS)[number];

const bytes = new DataView(new ArrayBuffer(8));
/** Number of a double >= 0 among all doubles. */
export function bitsOf(x: number): bigint {
  bytes.setFloat64(0, x);
  return bytes.getBigInt64(0);
}
export function ofBits(bits: bigint): number {
  bytes.setBigInt64(0, bits);
  return bytes.getFloat64(0);
}
/** Distance of |x| to the next larger double. */
export const ulp = (x: number): number => ofBits(bitsOf(Math.abs(x)) + 1n) - Math.abs(x);

/** Points between two prices, both among them, closer together near the first. */
export const gridOf = (from: number, end: number, points: number): number[] =>
  Array.from({ length: points }, (_, i) =>
    i === points - 1 ? end : from * (end / from) ** ((i / (points - 1)) * (i / (points - 1))),
  );

/** Something whose price moves, by how much for a move of 1 of the lead, and its prices as they stood. */
interface Moving {
  id: string;
  market: boolean;
  shift: number;
  price: number;
  /** Where its prices end. */
  below: number;
  /** Guard and index prices that the book names. */
  named: Record<string, number>;
}

const coinOf = (m: MarketJSON): string | undefined => (m.kind === 'inverse' ? m.settle : m.base);
const underlyingOf = (m: MarketJSON): string => m.underlying ?? m.base ?? coinOf(m) ?? m.id;

/** What moves with the mark of a market, as docs/book.md has it: markets of the underlying by their beta, and its coin. */
function movingWith(json: BookJSON, market: string): Moving[] {
  const lead = json.markets.find(({ id }) => id === market) as MarketJSON;
  const beta = Number(lead.beta ?? 1);
  const name = underlyingOf(lead);
  const names = new Set(json.markets.map(underlyingOf));
  const isMoved = (id: string): boolean => {
    const first = json.markets.find((m) => coinOf(m) === id);
    return names.has(id) ? id === name : first !== undefined && underlyingOf(first) === name;
  };
  const named = (row: object, keys: string[]): Record<string, number> =>
    Object.fromEntries(Object.entries(row).filter(([key]) => keys.includes(key)));
  const markets = json.markets
    .filter((m) => m.id === market || (beta !== 0 && underlyingOf(m) === name))
    .map((m) => ({
      id: m.id,
      market: true,
      shift: m.id === market ? 1 : Number(m.beta ?? 1) / beta,
      price: Number(m.mark),
      below: m.kind === 'prediction' ? 1 : Number.POSITIVE_INFINITY,
      named: named(m, ['index', 'twap', 'stable']),
    }));
  const assets = json.assets
    .filter(({ id, price }) => beta !== 0 && isMoved(id) && Number(price) !== 0)
    .map((a) => ({
      id: a.id,
      market: false,
      shift: 1 / beta,
      price: Number(a.price),
      below: Number.POSITIVE_INFINITY,
      named: named(a, ['twap', 'stable']),
    }));
  return [...markets, ...assets];
}

/** A unit as it would stand at some price: health at the level, and whether it is liquidatable then. */
export interface Stand {
  health: number;
  liquidatable: boolean;
  /** Collateral and requirement without their signs: what rounds. */
  terms: number;
}

/**
 * Walks the mark of a market for a unit of an account, over a book that is the caller's to spoil.
 * @returns how it stands where the mark is `x`; the book stays there
 */
export function walker(
  book: BookBase,
  json: BookJSON,
  unit: { account: string; bucket?: number },
  market: string,
  level: LevelName = 'maintenance',
): (x: number) => Stand {
  const lead = Number(json.markets.find(({ id }) => id === market)?.mark);
  const moving = movingWith(json, market);
  return (x) => {
    for (const { id, market, shift, price, below, named } of moving) {
      const now = price === lead && shift === 1 ? x : price * (1 + (shift * (x - lead)) / lead);
      // The ray ends before a price of the unit's does, so this is one of others.
      if (now <= 0 || now >= below) continue;
      const more = Object.fromEntries(Object.entries(named).map(([key, p]) => [key, p === price ? now : p]));
      if (market) book.setMark(id, now, more);
      else book.setPrice(id, now, more);
    }
    const risk = accountMargin(book, unit.account).units.find(({ bucket }) => bucket === (unit.bucket ?? 0));
    if (!risk) throw new Error(`no bucket ${unit.bucket}`);
    const health = risk.health[level];
    const isLiquidatable = risk.status === 'liquidatable' || risk.status === 'bankrupt';
    return {
      health,
      liquidatable: level === 'maintenance' ? isLiquidatable : health < 0,
      terms: Math.abs(risk.collateral) + Math.abs(risk.maintenanceMargin),
    };
  };
}
