// Proof of one end of the healthy part of a ray: the neighbours on both sides of it, what bound there, and how it was found.

import type { BookBase } from './book/book.js';
import { Fields } from './book/fields.js';
import { steps } from './book/steps.js';
import type { Level } from './book/types.js';
import { MarginError } from './errors.js';
import { BASIS, KIND, LEVEL, UNIT } from './layout.js';
import { ANSWER, ROOT } from './reference/lanes.js';
import { rayRows } from './trial.js';

/** How an end was found: by Newton's steps on concave health, or on a grid and then bracketed. */
export type Method = 'newton' | 'bracketed';

/** A point of a price's range and the unit's health (collateral less requirement) there, numeraire. */
export interface Point {
  /** Where on the ray: a price (quote), a time or a move, as the question has it. */
  price: number;
  /** Collateral less the requirement that counts, there; numeraire, negative: liquidatable. */
  health: number;
}

/** Proof of one end of the healthy range. */
export interface Certificate {
  /**
   * found: the unit is healthy at `healthy` and liquidatable at `liquidatable`, the next double beyond it.
   * none: healthy (or, if it is liquidatable now, never healthy) up to `end`. capped: as found, but by bisection after the
   * solver's steps had run out.
   */
  status: 'found' | 'none' | 'capped';
  /** How the end was found. */
  method: Method;
  /** Last point at which the unit is not liquidatable; null: none was met. */
  healthy: Point | null;
  /** First point at which it is; null: none was met. */
  liquidatable: Point | null;
  /**
   * On the market's tick grid: the first tick at which the unit is liquidatable, and the tick before, at which it is not; null
   * without a tick, and where the healthy range lies between two of them. In whole units it may be nearer than `liquidatable`.
   */
  tick: { liquidatable: number; healthy: number } | null;
  /** Row of the bracket table (from 0) in which the position's notional lies at the price; null where a model margins. */
  bracket: number | null;
  /** Newton steps, and how often the unit was margined. */
  iterations: number;
  /** How often the unit was margined. */
  evaluations: number;
  /** The last price that was asked for on this side. */
  end: number;
  /** Of a bracketed search: where health changes side or comes near, first to last. Other healthy ranges may follow. */
  visited: Point[];
}

/** Requirements that may count, and none at all: equity of 0 is bankruptcy. */
export const RAY_LEVEL = { ...LEVEL, equity: 3 } as const;
/** Requirement that decides along a ray: a level, or `equity`, where equity of 0 is the end (bankruptcy). */
export type RayLevel = Level | 'equity';

/** What is asked of liquidation prices. */
export interface PriceOptions {
  /** The requirement that counts; default maintenance. equity: bankruptcy prices. */
  level?: RayLevel;
}

/** Level of the options. @throws MarginError type, unknown-key */
export function rayLevel(options: PriceOptions): number {
  new Fields(options, 'options', ['level']);
  return levelOf(options.level);
}

/** Number of a level. @throws MarginError type */
export function levelOf(level: RayLevel | undefined, fallback: RayLevel = 'maintenance'): number {
  const name = level ?? fallback;
  if (Object.hasOwn(RAY_LEVEL, name)) return RAY_LEVEL[name];
  throw new MarginError('type', { path: 'level', got: name, expected: Object.keys(RAY_LEVEL).join(', ') });
}

/** Makes room for the rows of a ray of any of the units. */
export function ensureRay(book: BookBase, from: number, to: number): void {
  const { balanceCount, positionCount } = book.store.columns.unit;
  let most = 0;
  for (let u = from; u < to; u++)
    most = Math.max(most, rayRows(book.store, balanceCount[u] ?? 0, positionCount[u] ?? 0));
  if (book.store.room('ray') < most) book.store.ensure('ray', most);
}

/** The position whose market's mark leads a ray, and the level that counts. */
export interface RayPosition {
  unit: number;
  market: number;
  size: number;
  level: number;
}

/** Bracket of the market's table that the position lies in when the mark is `price`; null where no table counts. */
function bracketAt(book: BookBase, { unit: u, market, size, level }: RayPosition, price: number): number | null {
  const { market: c, line, asset, unit: units } = book.store.columns;
  if (units.model[u] !== 0) return null;
  const kind = c.kind[market];
  const unit = ((c.unit[market] ?? 0) >>> (2 * level)) & 3;
  const basis = ((c.basis[market] ?? 0) >>> (2 * level)) & 3;
  if (level === RAY_LEVEL.equity || basis === BASIS.entry) return null;
  const multiplier = c.multiplier[market] ?? 1;
  const quote = kind === KIND.prediction && size < 0 ? multiplier * (1 - price) : multiplier * price;
  const inverse = unit === UNIT.quote ? multiplier : multiplier / price;
  const settle = unit === UNIT.numeraire ? (asset.price[c.settle[market] ?? 0] ?? 1) : 1;
  const each = basis === BASIS.contracts ? 1 : (kind === KIND.inverse ? inverse : quote) * settle;
  const short = size < 0;
  const start = (short ? c.shortStart : c.lineStart)[market] ?? 0;
  const count = (short ? c.shortCount : c.lineCount)[market] ?? 0;
  let row = 0;
  while (row < count - 1 && Math.abs(size) * each > (line.upTo[start + row] ?? 0)) row++;
  return row;
}

/** Ticks that are looked through at most: between rounding steps a unit may change sides more than once. */
const MOST_TICKS = 16384;

/** Where a slope is taken, as a share of the price. */
const ASIDE = 1 / 1048576;

/** A tick of the open ray: whether the unit is liquidatable there, undefined outside of it. */
function illAt(book: BookBase, tick: number, n: number, level: number): boolean | undefined {
  const { engine, columns } = book.store;
  const [low, high] = rayEnds(book);
  const x = steps(tick, n);
  if (x <= low || x >= high) return undefined;
  const health = engine.rayHealth(x);
  const orEqual = level === LEVEL.maintenance && ((columns.house.rule[0] ?? 0) & 1) !== 0;
  return orEqual ? health <= 0 && (columns.house.answer[ANSWER.requirement] ?? 0) > 0 : health < 0;
}

/** Ticks from a root back to the mark through which steps of rounding to whole units may reach. */
function bandOf(book: BookBase, tick: number, mark: number, root: number, healthy: Point): number {
  const { engine, columns } = book.store;
  const grain = columns.house.answer[ANSWER.grain] ?? 0;
  if (grain === 0) return 0;
  const aside = root + (mark - root) * ASIDE;
  const slope = Math.abs((engine.rayHealth(aside) - healthy.health) / (root - aside));
  const reach = slope > 0 ? (2 * grain) / slope : 0;
  return Math.min(Math.ceil(Math.min(reach, Math.abs(root - mark)) / tick), MOST_TICKS);
}

/** First tick of the open ray at which the unit is liquidatable, coming from the healthy side, and the healthy one before it. */
function tickOf(
  book: BookBase,
  { market, level }: RayPosition,
  healthy: Point,
  root: number,
  upper: boolean,
  now: boolean,
): Certificate['tick'] {
  const c = book.store.columns.market;
  // Of an option prices are those of its base asset, which has no ticks.
  const tick = (c.kind[market] ?? 0) >= KIND.call ? 0 : (c.tick[market] ?? 0);
  if (tick <= 0) return null;
  const way = upper ? 1 : -1;
  const ill = (n: number): boolean | undefined => illAt(book, tick, n, level);
  let n = upper ? Math.ceil(root / tick) : Math.floor(root / tick);
  // Rounding may put a root on the other side of a tick.
  for (let i = 0; i < 2 && ill(n) === false; i++) n += way;
  if (ill(n - way) === true) n -= way;
  // Of a unit that is healthy now all is healthy up to the mark, but for steps of rounding.
  const band = now ? 0 : bandOf(book, tick, c.mark[market] ?? 0, root, healthy);
  for (let i = 1, at = n; i <= band; i++) if (ill(at - way * i) === true) n = at - way * i;
  if (ill(n) !== true || ill(n - way) !== false) return null;
  return { liquidatable: steps(tick, n), healthy: steps(tick, n - way) };
}

function rayEnds(book: BookBase): [low: number, high: number] {
  const { answer } = book.store.columns.house;
  return [answer[ANSWER.low] ?? 0, answer[ANSWER.high] ?? 0];
}

/**
 * Solves one side of the open ray.
 * @param position - that leads it; of a ray of several prices there is none
 * @returns the certificate, and whether the unit is liquidatable now
 */
export function certify(book: BookBase, position: RayPosition | null, upper: boolean): [Certificate, boolean] {
  const { engine, columns } = book.store;
  const code = engine.solveRay(upper);
  const { answer } = columns.house;
  const of = (slot: number): number => answer[slot] ?? 0;
  const none = (code & ROOT.none) !== 0;
  const [low, high] = rayEnds(book);
  const visited = Array.from({ length: of(ANSWER.visits) }, (_, i) => ({
    price: of(ANSWER.visit + 2 * i),
    health: of(ANSWER.visit + 2 * i + 1),
  }));
  const certificate: Certificate = {
    status: none ? 'none' : code & ROOT.capped ? 'capped' : 'found',
    method: code & ROOT.bracketed ? 'bracketed' : 'newton',
    healthy: none ? null : { price: of(ANSWER.well), health: of(ANSWER.wellHealth) },
    liquidatable: none ? null : { price: of(ANSWER.ill), health: of(ANSWER.illHealth) },
    tick: null,
    bracket: none || !position ? null : bracketAt(book, position, of(ANSWER.ill)),
    iterations: of(ANSWER.iterations),
    evaluations: of(ANSWER.evaluations),
    end: upper ? high : low,
    visited,
  };
  if (position && certificate.healthy) {
    const now = (code & ROOT.liquidatable) !== 0;
    const tick = tickOf(book, position, certificate.healthy, of(ANSWER.ill), upper, now);
    certificate.tick = tick;
    // In whole units a unit may be liquidatable at a nearer tick than the solver saw: never optimistic.
    if (tick && !now && (upper ? tick.liquidatable < of(ANSWER.ill) : tick.liquidatable > of(ANSWER.ill))) {
      const point = (price: number): Point => ({ price, health: engine.rayHealth(price) });
      certificate.liquidatable = point(tick.liquidatable);
      certificate.healthy = point(tick.healthy);
    }
  }
  return [certificate, (code & ROOT.liquidatable) !== 0];
}
