// Every number of the page, asked of the kernel: what stands now (cheap, on every move of a price), and what may come (liquidation
// prices, sweeps, scenarios). The book is left at the prices of the state.
import {
  type AccountMargin,
  accountMargin,
  type Betas,
  type BookBase,
  check,
  type Explanation,
  explain,
  jointMoves,
  liquidationPrices,
  MarginError,
  maxOrder,
  maxWithdraw,
  type OrderSize,
  type PortfolioRisk,
  type ProfitCurve,
  type ProfitSurface,
  portfolioRisk,
  profitCurve,
  profitSurface,
  type Status,
  type Verdict,
} from 'margin-kernel/reference/var';
import { type AdlPlace, adlPlace } from './adl.ts';
import { type Driver, driversOf, heldOf, movedBy, place } from './drivers.ts';
import type { Engine } from './engine.ts';
import { refusalText } from './refusal.ts';
import { scenariosFor } from './scenarios.ts';
import { accountOf, bookOf, type State } from './state.ts';

/** A state's book on an engine, at the prices of the state. */
export interface Opened {
  engine: Engine;
  book: BookBase;
  drivers: Driver[];
  account: string;
}

/** @throws MarginError where the book is refused */
export function open(engine: Engine, state: State): Opened {
  const json = bookOf(state);
  const book = engine.fromJSON(json);
  const drivers = driversOf(book, json);
  place(book, drivers, state.prices);
  return { engine, book, drivers, account: accountOf(state).id };
}

/** What a market leaves room for. */
export interface Room {
  market: string;
  buy: OrderSize;
  sell: OrderSize;
}

export interface Now {
  margin: AccountMargin;
  explanation: Explanation;
  /** Of the first markets that the account may trade. */
  room: Room[];
  /** Ids of all of them. */
  tradable: string[];
  withdraw: { asset: string; size: number }[];
  /** What the order of the ticket would do; null where it is none. */
  verdict: Verdict | null;
  /** Why the ticket's order can not be tried. */
  refusal: string | null;
}

/** Markets whose room is asked for on every step of a drag; any other can be tried. */
const MOST_ROOM = 30;

/** What stands at the prices of now. */
export function now({ book, account }: Opened, state: State): Now {
  const { markets, assets } = state.venue;
  const margin = accountMargin(book, account);
  const tradable = markets.filter(({ kind }) => kind !== 'spot' && (accountOf(state).model || !isOption(kind)));
  const room = tradable.slice(0, MOST_ROOM).map(({ id }) => ({
    market: id,
    buy: maxOrder(book, account, { market: id, side: 'buy' }),
    sell: maxOrder(book, account, { market: id, side: 'sell' }),
  }));
  const held = new Set(Object.keys(accountOf(state).balances ?? {}));
  const withdraw = assets
    .filter(({ id }) => held.has(id))
    .map(({ id }) => ({ asset: id, size: maxWithdraw(book, account, id).size }));
  const ids = tradable.map(({ id }) => id);
  return { margin, explanation: explain(book, account), room, tradable: ids, withdraw, ...tried(book, account, state) };
}

/** Whether a unit is liquidated at the prices of now. */
export const isIll = (status: Status): boolean => status === 'liquidatable' || status === 'bankrupt';

/** A queue takes some 20 milliseconds: only the largest positions have one. */
export const MOST_ADL = 20;

const isOption = (kind: string): boolean => kind === 'call' || kind === 'put';

function tried(book: BookBase, account: string, { ticket }: State): Pick<Now, 'verdict' | 'refusal'> {
  if (!(ticket.size > 0)) return { verdict: null, refusal: null };
  try {
    return { verdict: check(book, account, ticket), refusal: null };
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    return { verdict: null, refusal: refusalText(error, '') };
  }
}

/** Where a position is liquidated, in the price of its market (of an option: of its coin); or collateral whose coin no position is on. */
export interface Exit {
  market: string;
  bucket: number;
  side: 'net' | 'long' | 'short';
  size: number;
  /** Driver, what it is a price of, and that price now. */
  driver: string;
  of: string;
  mark: number;
  down: number | null;
  up: number | null;
  liquidatable: boolean;
}

/** Collateral and what is asked of it over the price of a driver, for a margin unit. */
export interface HealthCurve {
  bucket: number;
  collateral: Float64Array;
  maintenance: Float64Array;
  /** Collateral that opening would need: requirement and haircuts of the initial level. */
  initial: Float64Array;
}

export interface AdlRow extends AdlPlace {
  market: string;
  bucket: number;
  size: number;
}

export interface Ahead {
  exits: Exit[];
  /** All prices by the same share. */
  joint: { bucket: number; down: number | null; up: number | null }[];
  health: { driver: string; prices: Float64Array; units: HealthCurve[] };
  surface: ProfitSurface;
  /** By point of the surface: whether a margin unit would be liquidated there. */
  ill: Uint8Array;
  curve: ProfitCurve;
  risk: PortfolioRisk | null;
  /** Why there is none. */
  riskProblem: MarginError | null;
  adl: AdlRow[];
}

export const SURFACE_PRICES = [0.5, 0.3, 0.2, 0.15, 0.1, 0.05, 0, -0.05, -0.1, -0.15, -0.2, -0.3, -0.5];
export const SURFACE_VOLATILITIES = [-0.3, 0, 0.3, 0.6];
/** The chart reaches this far both ways, in this many steps, and down to this share. */
export const REACH = 0.5;
const LEAST = 1e-3;
const STEPS = 80;
const CURVE_MOVES = Array.from({ length: 2 * STEPS + 1 }, (_, i) => (REACH * (i - STEPS)) / STEPS);

/** The driver that the chart of health shows. */
export const focusOf = (drivers: readonly Driver[], state: State): Driver | undefined =>
  drivers.find(({ id }) => id === state.focus) ?? heldOf(drivers, accountOf(state))[0] ?? drivers[0];

/** What may come. Takes tens of milliseconds, on the reference engine ten times that. */
export function ahead(opened: Opened, state: State, at: Now): Ahead {
  const { book, drivers, account } = opened;
  const moved = drivers.filter(({ id }) => state.moves === '' || id === state.moves);
  const underlying = state.moves === '' || moved.length === 0 ? {} : { underlying: state.moves };
  const surface = profitSurface(book, account, {
    prices: SURFACE_PRICES,
    volatilities: SURFACE_VOLATILITIES,
    ...underlying,
  });
  const curve = profitCurve(book, account, { prices: CURVE_MOVES, ...underlying });
  const ofPositions = exitsOf(opened);
  const exits = [...ofPositions, ...collateralExits(opened, at, ofPositions)];
  return {
    exits,
    joint: jointOf(opened),
    surface,
    curve,
    ...riskOf(opened, state),
    adl: adlOf(opened, state, at),
    ill: illOf(opened, state, moved),
    health: healthOf(opened, state),
  };
}

function exitsOf({ book, drivers, account }: Opened): Exit[] {
  const driverOf = new Map(
    drivers.flatMap((d) => [...d.markets, ...d.options].map(({ id }) => [id, d.id] as [string, string])),
  );
  return liquidationPrices(book, account).map(({ market, bucket, side, size, mark, asset, down, up, status }) => {
    const liquidatable = status === 'liquidatable';
    const driver = driverOf.get(market) ?? market;
    return { market, bucket, side, size, driver, of: asset ?? market, mark, down, up, liquidatable };
  });
}

/** Exits of the units whose collateral, or debt, moves with a price that none of their positions is on. */
function collateralExits({ book, drivers, account }: Opened, { explanation }: Now, exits: readonly Exit[]): Exit[] {
  return drivers.flatMap((driver) => {
    const { id, lead, beta, assets, markets, most } = driver;
    const held = explanation.units.filter(
      ({ bucket, balances }) =>
        balances.some(({ asset, total }) => total !== 0 && assets.some((a) => a.id === asset)) &&
        !exits.some((exit) => exit.bucket === bucket && exit.driver === id),
    );
    if (held.length === 0) return [];
    const mark = markets.some((m) => m.id === lead)
      ? (book.store.columns.market.mark[book.market(lead)] ?? 0)
      : (book.store.columns.asset.price[book.asset(lead)] ?? 0);
    const at = (move: number | null): number | null =>
      move === null ? null : Math.min(mark * (1 + beta * move), most);
    return jointMoves(book, account, betasOf([driver])).flatMap(({ bucket, status, down, up }): Exit[] => {
      if (!held.some((unit) => unit.bucket === bucket)) return [];
      const ends = beta < 0 ? { down: at(up), up: at(down) } : { down: at(down), up: at(up) };
      const liquidatable = status === 'liquidatable';
      return [{ market: lead, bucket, side: 'net', size: 0, driver: id, of: lead, mark, ...ends, liquidatable }];
    });
  });
}

const betasOf = (drivers: readonly Driver[]): Betas => ({
  markets: Object.fromEntries(drivers.flatMap((d) => d.markets.map(({ id, beta }) => [id, beta]))),
  assets: Object.fromEntries(drivers.flatMap((d) => d.assets.map(({ id }) => [id, 1]))),
});

function jointOf({ book, drivers, account }: Opened): Ahead['joint'] {
  if (drivers.length === 0) return [];
  return jointMoves(book, account, betasOf(drivers)).map(({ bucket, down, up }) => ({ bucket, down, up }));
}

function healthOf({ book, drivers, account }: Opened, state: State): Ahead['health'] {
  const driver = focusOf(drivers, state);
  if (!driver) return { driver: '', prices: new Float64Array(0), units: [] };
  // As far as the price of now, where that lies beyond.
  const beyond = Math.abs((state.prices[driver.id] ?? driver.start) / driver.start - 1);
  const wide = beyond > REACH ? (1.1 * beyond) / REACH : 1;
  const prices = Float64Array.from(CURVE_MOVES, (move) =>
    Math.min(Math.max(driver.start * (1 + wide * move), driver.start * LEAST), driver.most),
  );
  const units: HealthCurve[] = accountMargin(book, account).units.map(({ bucket }) => ({
    bucket,
    collateral: new Float64Array(prices.length),
    maintenance: new Float64Array(prices.length),
    initial: new Float64Array(prices.length),
  }));
  prices.forEach((price, i) => {
    place(book, [driver], { [driver.id]: price });
    accountMargin(book, account).units.forEach((unit, u) => {
      const curve = units[u] as HealthCurve;
      curve.collateral[i] = unit.collateral;
      curve.maintenance[i] = unit.maintenanceMargin;
      curve.initial[i] = unit.collateral - unit.health.initial;
    });
  });
  place(book, [driver], state.prices);
  return { driver: driver.id, prices, units };
}

/** Which points of the surface somebody liquidates; drivers that do not move stay where the state has them. */
function illOf({ book, drivers, account }: Opened, state: State, moved: readonly Driver[]): Uint8Array {
  const ill = new Uint8Array(SURFACE_PRICES.length * SURFACE_VOLATILITIES.length);
  SURFACE_VOLATILITIES.forEach((volatility, v) => {
    SURFACE_PRICES.forEach((move, p) => {
      const start = moved.map((d) => ({ ...d, start: state.prices[d.id] ?? d.start }));
      const prices = { ...state.prices, ...movedBy(start, move) };
      place(book, drivers, prices, volatility, (d) => moved.some(({ id }) => id === d.id));
      const { units } = accountMargin(book, account);
      const worst = units.some(({ status }) => isIll(status));
      ill[v * SURFACE_PRICES.length + p] = worst ? 1 : 0;
    });
  });
  place(book, drivers, state.prices);
  return ill;
}

function riskOf({ engine, book, drivers, account }: Opened, { risk }: State): Pick<Ahead, 'risk' | 'riskProblem'> {
  try {
    if (drivers.length === 0) return { risk: null, riskProblem: null };
    const scenarios = scenariosFor(engine, drivers, risk);
    return {
      risk: portfolioRisk(book, scenarios, { account, confidence: risk.confidence, profits: true }),
      riskProblem: null,
    };
  } catch (error) {
    if (error instanceof MarginError) return { risk: null, riskProblem: error };
    throw error;
  }
}

function adlOf({ drivers }: Opened, { rule }: State, { explanation }: Now): AdlRow[] {
  const futures = new Map(drivers.flatMap((d) => d.markets.map((m) => [m.id, m] as const)));
  // Who is liquidated now is in no queue.
  const standing = explanation.units
    .filter(({ status }) => !isIll(status))
    .flatMap((unit) => unit.positions.map((position) => ({ unit, position })));
  return standing
    .sort((a, b) => b.position.notional - a.position.notional)
    .slice(0, MOST_ADL)
    .flatMap(({ unit, position }) => {
      const { market, size, entry, mark, notional, unrealizedPnl, requirement } = position;
      const told = futures.get(market);
      if (!told || entry === null || size === 0 || notional === 0) return [];
      const share = unit.notional > 0 ? (unit.maintenanceMargin * notional) / unit.notional : 0;
      const maintenance = requirement.maintenance > 0 ? requirement.maintenance : share;
      const own = { size, entry, mark, pnl: unrealizedPnl, notional, margin: unit.equity, maintenance };
      return [{ market, bucket: unit.bucket, size, ...adlPlace(rule, market, told.mark, own) }];
    });
}

/** All numbers of an answer by their place in it: what two engines have to agree on. */
export function numbersOf(value: unknown, path = '', into = new Map<string, number>()): Map<string, number> {
  if (typeof value === 'number') into.set(path, value);
  else if (typeof value === 'bigint') into.set(path, Number(value));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) numbersOf(part, path === '' ? key : `${path}.${key}`, into);
  }
  return into;
}
