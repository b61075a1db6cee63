// An account of a book from ccxt's positions and balances: cross ones together, each isolated one in a bucket of its own.
import { decimal as real } from '../book/fields.js';
import type { AccountJSON, Decimal } from '../book/types.js';
import { Gaps } from '../cells/gaps.js';
import { MarginError } from '../errors.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { balanceRows, crossWallet, type Shares } from './balance.js';
import type { Rules } from './conventions.js';
import type { Maker } from './maker.js';
import { doubtOf, type Held, heldOf, isFlat, profitOf, signOf, walletOf } from './position.js';
import { filled } from './read.js';
import type { Balances } from './shapes.js';

/** Where a position of the book came from, with the figures that the venue gives. */
export interface PositionRow {
  /** Id of the account. */
  account: string;
  /** 0 is cross. */
  bucket: number;
  /** Id of the market in the book. */
  market: string;
  /** net, or the side of a hedged position. */
  side: 'net' | 'long' | 'short';
  /** Place in the account's `positions`. */
  index: number;
  /** As the venue says; null where it says none (0 and nothing are both none). */
  liquidationPrice: number | null;
  /** In the settle asset. */
  maintenanceMargin: number | null;
}

/** What has been seen of positions, over all accounts. */
export interface Seen {
  /** Rows that hold nothing. */
  flat: number;
  /** Where each position of the book came from. */
  rows: PositionRow[];
}

/** What isolated positions hold, as far as it is known. */
type Wallets = Map<Held, Decimal>;

const MODES = ['cross', 'isolated'] as const;

/** @param fromNotional - whether contracts may be made of a notional */
export function accountOf(row: Row, fromNotional: boolean, maker: Maker, gaps: Gaps, result: Seen): AccountJSON {
  const id = row.text('id');
  const all = row.has('positions') ? rowsOf(row.raw('positions'), row.at('positions')) : [];
  const helds: { held: Held; index: number }[] = [];
  const sides = sidesOf(all);
  const seen = new Set<string>();
  all.forEach((position, index) => {
    const held = gaps.try(
      'row',
      () => {
        if (isFlat(position)) {
          result.flat += 1;
          return null;
        }
        return readPosition(position, row, fromNotional, maker, gaps, sides, seen);
      },
      id,
    );
    if (held) helds.push({ held, index });
  });
  const cross = helds.filter(({ held }) => held.mode === 'cross');
  const isolated = helds.filter(({ held }) => held.mode === 'isolated');
  const keep = ({ held, index }: { held: Held; index: number }, bucket: number): void => {
    const figure = (key: string): number | null => (filled(held.row, key) ? held.row.number(key) : null);
    result.rows.push({
      account: id,
      bucket,
      market: held.market.id,
      side: held.position.side ?? 'net',
      index,
      liquidationPrice: figure('liquidationPrice'),
      maintenanceMargin: figure('maintenanceMargin'),
    });
  };
  for (const entry of cross) keep(entry, 0);
  const wallets: Wallets = new Map();
  const buckets = isolated.flatMap((entry) => {
    const wallet = gaps.try('row', () => walletOf(entry.held, maker.rules), id);
    if (wallet === undefined) return [];
    wallets.set(entry.held, wallet);
    return [{ entry, wallet }];
  });
  for (const [i, { entry }] of buckets.entries()) keep(entry, i + 1);
  const model = row.has('model') ? { model: row.text('model') } : {};
  return {
    id,
    ...model,
    balances: balancesOf(
      row,
      maker,
      gaps,
      helds.map(({ held }) => held),
      wallets,
      id,
    ),
    positions: cross.map(({ held }) => held.position),
    ...(buckets.length === 0
      ? {}
      : {
          buckets: buckets.map(({ entry: { held }, wallet }, i) => ({
            bucket: i + 1,
            balances: { [held.market.settle ?? '']: wallet },
            positions: [held.position],
          })),
        }),
  };
}

/** Signs of the positions that each market has, as far as rows say them. */
function sidesOf(rows: readonly Row[]): Map<string, Set<number>> {
  const sides = new Map<string, Set<number>>();
  for (const row of rows) {
    const symbol = row.raw('symbol');
    const quiet = new Gaps();
    const sign = quiet.try('nothing', () => (isFlat(row) ? undefined : signOf(row)));
    if (typeof symbol !== 'string' || sign === undefined) continue;
    const of = sides.get(symbol) ?? new Set();
    sides.set(symbol, of.add(sign));
  }
  return sides;
}

/** The position, or null where its market is not in the book: that gap has been reported. */
function readPosition(
  position: Row,
  account: Row,
  fromNotional: boolean,
  maker: Maker,
  gaps: Gaps,
  sides: Map<string, Set<number>>,
  seen: Set<string>,
): Held {
  const symbol = position.text(
    'symbol',
    'ccxt leaves it out where it does not know the market; load the markets first',
  );
  const market = maker.market(symbol, position);
  if (market === null) {
    throw new MarginError('conflict', {
      path: position.at('symbol'),
      got: symbol,
      expected: 'a market that is whole',
      hint: 'Its own gap, reported before, says what is missing',
    });
  }
  const option = market.kind === 'call' || market.kind === 'put';
  if (option && !account.has('model')) {
    const hint = 'Give models: [presets.deribit(...)] of margin-kernel/scenario, and their id as model of the account';
    throw new MarginError('missing-key', {
      path: account.at('model'),
      expected: 'a scenario model: options need one',
      hint,
    });
  }
  const held = heldOf(position, market, maker.rules, {
    bothSides: (sides.get(symbol)?.size ?? 0) > 1,
    mode: account.has('marginMode') ? account.word('marginMode', MODES) : undefined,
    fromNotional,
  });
  const key = `${held.mode} ${held.position.side ?? 'net'} ${symbol}`;
  if (seen.has(key)) {
    throw new MarginError('duplicate', {
      path: position.at('symbol'),
      got: symbol,
      expected: 'one position for each market, side and margin mode',
      hint: 'Rows of several accounts or of several calls may have been put together',
    });
  }
  const doubt = doubtOf(held);
  if (doubt?.wrong) throw doubt.error;
  if (doubt) gaps.add(doubt.error, 'nothing', account.text('id'));
  seen.add(key);
  return held;
}

function balancesOf(
  row: Row,
  maker: Maker,
  gaps: Gaps,
  helds: readonly Held[],
  wallets: Wallets,
  id: string,
): Record<string, Decimal> {
  const rows = row.has('balances')
    ? balanceRows(row.raw('balances') as Balances, row.at('balances'))
    : new Map<string, Row>();
  const balances: [string, Decimal][] = [];
  for (const [asset, balance] of rows) {
    const shares = sharesOf(asset, helds, wallets, maker.rules, balance);
    const amount = gaps.try('row', () => crossWallet(balance, maker.rules, shares), id);
    if (amount === undefined || real(amount, balance.path) === 0) continue;
    const priced = gaps.try(
      'row',
      () => {
        if (maker.asset(asset) !== null) return true;
        const hint = 'Its own gap, reported before, says what is missing';
        throw new MarginError('missing-key', { path: balance.path, expected: `a price of ${asset}`, hint });
      },
      id,
    );
    if (priced) balances.push([asset, amount]);
  }
  const without = helds.find(({ market, mode }) => mode === 'cross' && !rows.has(market.settle ?? ''));
  if (without) {
    const asset = without.market.settle ?? '';
    gaps.add(
      new MarginError('missing-key', {
        path: `${row.at('balances')}.${asset}`,
        expected: `the balance that ${without.market.id} is margined with`,
        hint: 'Give fetchBalance of the same account and wallet; where there is really none, give it as 0',
      }),
      'field',
      id,
    );
  }
  return Object.fromEntries(balances);
}

function sharesOf(asset: string, helds: readonly Held[], wallets: Wallets, rules: Rules, balance: Row): Shares {
  const own = helds.filter(({ market }) => market.settle === asset);
  const of = (mode: Held['mode']): Held[] => own.filter((held) => held.mode === mode);
  return {
    cross: of('cross').length > 0,
    isolated: of('isolated').length > 0,
    crossProfits: () => of('cross').map((held) => profitOf(held, rules)),
    isolatedProfits: () => of('isolated').map((held) => profitOf(held, rules)),
    isolatedWallets: () =>
      of('isolated').map((held) => {
        const wallet = wallets.get(held);
        if (wallet !== undefined) return wallet;
        throw new MarginError('conflict', {
          path: balance.path,
          expected: `isolated positions that are whole: the venue counts that in ${held.market.id} in`,
          hint: 'Its own gap, reported before, says what is missing',
        });
      }),
  };
}
