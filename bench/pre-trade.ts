// The pre-trade check of an order, the largest order: one account at a time through the API, as an engine or a wallet asks.
import { type Book, CHECK_WIDTH, check, checkInto, maxOrder } from '../bindings/index.js';
import { Random } from '../tests/random-book.js';
import { type Features, portfolio } from './portfolios.js';
import { type Group, median, type Options, progress, type Row, timed } from './report.js';

const WARM_UP = 3;
/** Accounts in the book. */
const ACCOUNTS = 100_000;
/** Orders a round: a call is too short to be timed alone. */
const ORDERS = 2000;
const NAME = 'pre-trade check, one account of 8 positions';

interface Order {
  account: number;
  market: number;
  side: 'buy' | 'sell';
  size: number;
  price: number;
}

function ordersOf(book: Book): Order[] {
  const random = new Random(11);
  return Array.from({ length: ORDERS }, () => {
    const market = random.int(0, book.markets - 1);
    const mark = book.store.columns.market.mark[market]!;
    const price = mark * random.between(0.995, 1.005);
    return {
      account: random.int(0, book.accounts - 1),
      market,
      side: random.chance(0.5) ? 'buy' : 'sell',
      size: random.wide(100, 1e5) / mark,
      price,
    };
  });
}

function rowsOf(features: Features, { accounts, rounds }: Options): Row[] {
  const { book, name } = portfolio(Math.min(accounts, ACCOUNTS), features);
  const orders = ordersOf(book);
  const units = orders.map(({ account }) => book.unit(account));
  const out = new Float64Array(CHECK_WIDTH);
  const calls = {
    checkInto: ({ market, side, size, price }: Order, i: number) =>
      checkInto(book, units[i]!, market, side, size, price, out),
    'check, with liquidation prices': ({ account, ...order }: Order) => check(book, account, order),
    maxOrder: ({ account, market, side, price }: Order) => maxOrder(book, account, { market, side, price }),
  };
  const label = features === 'full' ? 'every feature' : name;
  const accepted = orders.filter(({ account, ...order }) => check(book, account, order).accept).length;
  progress(`  ${label}: ${accepted} of ${ORDERS} orders are accepted`);
  return Object.entries(calls).map(([call, run]) => {
    const times: number[] = [];
    for (let round = -WARM_UP; round < rounds; round++) {
      if (round === 0) times.length = 0;
      times.push((timed(() => orders.forEach(run)) * 1e3) / ORDERS);
    }
    return { name: `${NAME}: ${label}, ${call}`, median: median(times), unit: 'us', ratios: {} };
  });
}

export const preTrade: Group = {
  name: NAME,
  run: async (options) => {
    progress(`${NAME}: of ${Math.min(options.accounts, ACCOUNTS)}`);
    return [...rowsOf('brackets', options), ...rowsOf('full', options)];
  },
};
