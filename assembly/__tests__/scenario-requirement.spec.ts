// Requirements of units by their model, part by part, with numbers by hand: folds, scans, reducers, exposures, deltas, spreads, trees.
import * as abi from '../abi';
import * as fold from '../scenario/fold';
import { addPosition, openAccount, tryPosition } from '../scenario/what-if';
import * as book from './book';
import * as risk from './scenario-book';

/** Dollars (asset 0), coins at 100 and 10 (assets 1 and 2), each an underlying of its own number. */
function coins(): void {
  book.newBook();
  book.asset(1);
  book.asset(100);
  book.asset(10);
  book.setIndex(abi.ASSET_UNDERLYING, 1, 1);
  book.setIndex(abi.ASSET_UNDERLYING, 2, 2);
}

/** A perpetual on each coin. */
function perpetuals(): void {
  risk.linear(1, 0, 100);
  risk.linear(2, 0, 10);
}

/** A unit with these contracts of the two perpetuals. */
function holds(first: f64, second: f64): void {
  book.unit();
  book.balance(0, 1000);
  if (first != 0) book.position(0, first, 0);
  if (second != 0) book.position(1, second, 0);
}

/** A unit with a perpetual and two futures of the first coin, in a quarter and in half a year. */
function months(first: f64, second: f64, third: f64): void {
  coins();
  const near = risk.expiry(1, 0.25, 100);
  const far = risk.expiry(1, 0.5, 100);
  for (let m = 0; m < 3; m++) risk.linear(1, 0, 100);
  book.setIndex(abi.MARKET_EXPIRY, 1, near);
  book.setIndex(abi.MARKET_EXPIRY, 2, far);
  risk.scenario(0);
  book.unit();
  book.balance(0, 0);
  book.position(0, first, 0);
  book.position(1, second, 0);
  book.position(2, third, 0);
}

describe('a fold', () => {
  it('sums by group, slots by underlying and then by group, whatever the order of the rows', () => {
    coins();
    const e = risk.expiry(1, 0.25, 104);
    risk.linear(2, 0, 10);
    risk.option(abi.KIND_CALL, e, 96, 0);
    risk.linear(1, 0, 100);
    book.setIndex(abi.MARKET_EXPIRY, 2, e);
    risk.linear(1, 0, 100);
    risk.scenario(0.5);
    risk.model(risk.scan(0, 1));
    book.unit();
    book.balance(0, 0);
    for (let m: u32 = 0; m < 4; m++) book.position(m, 1 + <f64>m, 0);
    risk.ready();
    fold.openFold(book.header, 0, 0);
    fold.run(fold.FILLED_NONE);
    expect<u32>(fold.slots).toBe(4);
    // Options of the expiry, its futures, perpetuals of the coin, then the other coin.
    const gains: f64[] = [2 * 52, 3 * 50, 4 * 50, 1 * 5];
    for (let slot: u32 = 0; slot < 4; slot++) {
      expect<f64>(load<f64>(fold.sumsOf(slot))).toBe(gains[slot], 'gain');
      expect<u32>(fold.underlyingOf(slot)).toBe(slot < 3 ? 1 : 2);
    }
    expect<u32>(fold.expiryOf(0)).toBe(0);
    expect<u32>(fold.expiryOf(1)).toBe(abi.NONE);
    expect<u32>(fold.monthOf(1)).toBe(0);
    expect<bool>(fold.isFirst(0) && !fold.isFirst(1) && !fold.isFirst(2) && fold.isFirst(3)).toBe(true);
    fold.close();
    for (let group: u32 = 0; group < 5; group++) expect<u32>(book.index(abi.FOLD_SLOT, group)).toBe(0);
  });
  it('adds more rows than fit into registers at once, over tables of any length', () => {
    for (let count: u32 = 1; count < 24; count++) {
      book.newBook(64);
      book.asset(1);
      for (let s: u32 = 0; s < count; s++) risk.scenario(<f64>(s + 1) / 64);
      risk.model(risk.scan(0, count));
      for (let m: u32 = 0; m < 40; m++) risk.linear(abi.NONE, 0, 64);
      for (let m: u32 = 0; m < 40; m++) book.setIndex(abi.MARKET_UNDERLYING, m, 0);
      book.unit();
      book.balance(0, 0);
      for (let m: u32 = 0; m < 40; m++) if (m != 7) book.position(m, <f64>m, 0);
      risk.ready();
      fold.openFold(book.header, 0, 0);
      fold.run(fold.FILLED_NONE);
      // 0 to 39 less 7, times 64 times the move.
      for (let s: u32 = 0; s < count; s++) {
        expect<f64>(load<f64>(fold.sumsOf(0) + ((<usize>s) << 3))).toBe(773 * <f64>(s + 1));
      }
      fold.close();
    }
  });
  it('takes the orders of one side as filled', () => {
    coins();
    perpetuals();
    risk.scenario(0.5);
    risk.model(risk.scan(0, 1));
    book.unit();
    book.balance(0, 0);
    book.orders(book.position(0, 1, 0), 2, 90, 4, 110);
    risk.ready();
    fold.openFold(book.header, 0, 0);
    fold.run(fold.FILLED_BIDS);
    expect<f64>(load<f64>(fold.sumsOf(0))).toBe(150);
    fold.run(fold.FILLED_ASKS);
    expect<f64>(load<f64>(fold.sumsOf(0))).toBe(-150);
    fold.run(fold.FILLED_NONE);
    expect<f64>(load<f64>(fold.sumsOf(0))).toBe(50);
    fold.close();
  });
  it('adds balances that hedge', () => {
    coins();
    perpetuals();
    risk.scenario(0.5);
    risk.model(risk.scan(0, 1));
    book.setIndex(abi.ASSET_HEDGES, 1, 1);
    book.unit();
    book.balance(0, 0);
    book.balance(1, 3);
    book.position(0, -1, 0);
    risk.ready();
    fold.openFold(book.header, 0, 0);
    fold.run(fold.FILLED_NONE);
    expect<u32>(fold.slots).toBe(1);
    expect<f64>(load<f64>(fold.sumsOf(0))).toBe(100);
    fold.close();
  });
});

describe('a scan', () => {
  it('is the largest loss of all scenarios, the last of an odd number too', () => {
    coins();
    perpetuals();
    for (let s = 0; s < 5; s++) risk.scenario(<f64>s / 16);
    risk.model(risk.scan(0, 5));
    holds(-1, 0);
    risk.ready();
    for (let level: u32 = 0; level < 3; level++) expect<f64>(risk.required(0, level)).toBe(25);
  });
  it('reads its own rows of the table alone', () => {
    coins();
    perpetuals();
    for (let s = 0; s < 5; s++) risk.scenario(<f64>s / 16);
    risk.model(risk.scan(1, 4));
    holds(-1, 0);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(18.75);
  });
  it('weighs and dampens, underlying by underlying, and counts a share of gains', () => {
    coins();
    perpetuals();
    risk.scenario(0.5);
    book.set(abi.SCENARIO_WEIGHT, 0, 0.5);
    const n = risk.scan(0, 1);
    risk.model(n);
    // The first loses 100 times 0.5, the second gains 50 times 0.5.
    holds(-2, 10);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(25);
    risk.term(n, abi.NODE_TERM_GAINS, 0.5);
    expect<f64>(risk.required(0)).toBe(37.5);
    book.set(abi.SCENARIO_DAMPENER, 0, 5);
    expect<f64>(risk.required(0)).toBe(35);
    book.set(abi.SCENARIO_DAMPENER, 0, 30);
    expect<f64>(risk.required(0)).toBe(20, 'never more than there is');
  });
  it('discounts the value of an expiry, or has what is left of it as a loss', () => {
    const wanted: f64[] = [0, 0, 22];
    for (let operation: u32 = 0; operation < 3; operation++) {
      coins();
      const e = risk.expiry(1, 0.25, 104);
      risk.option(abi.KIND_CALL, e, 96, 0);
      risk.scenario(0.5, operation);
      risk.model(risk.scan(0, 1));
      book.set(abi.MODEL_DISCOUNT, 0, 0.5);
      book.unit();
      book.balance(0, 0);
      book.position(0, 1, 0);
      risk.ready();
      // Worth 8, in the scenario 60.
      expect<f64>(risk.required(0)).toBe(wanted[operation]);
    }
  });
  it('by expiry sums the worst of each, times its factor', () => {
    coins();
    const near = risk.expiry(1, 0.25, 100);
    const far = risk.expiry(1, 0.5, 100);
    risk.option(abi.KIND_CALL, near, 75, 0);
    risk.option(abi.KIND_PUT, far, 125, 0);
    risk.scenario(0.5);
    risk.scenario(-0.5);
    const n = risk.scan(0, 2);
    book.setIndex(abi.NODE_BY, n, 1);
    risk.term(n, abi.NODE_TERM_PER_YEAR, 2);
    risk.model(n);
    book.unit();
    book.balance(0, 0);
    book.position(0, -1, 0);
    book.position(1, -1, 0);
    risk.ready();
    // 50 up for the call, 50 down for the put; factors 1.5 and 2.
    expect<f64>(risk.required(0)).toBe(175);
  });
  it('takes a rank, a shortfall, or the loss at which weights by age reach the tail', () => {
    coins();
    perpetuals();
    const moves: f64[] = [3, 1, 4, 1, 5, 9, 2, 6];
    for (let s = 0; s < 8; s++) risk.scenario(moves[s] / 64);
    const n = risk.scan(0, 8);
    risk.model(n);
    holds(-0.64, 0);
    risk.ready();
    const ranked: f64[] = [9, 6, 5, 4, 3, 2, 1, 1];
    risk.term(n, abi.NODE_TERM_REDUCE, <f64>abi.REDUCE_RANK);
    for (let rank = 1; rank <= 8; rank++) {
      risk.term(n, abi.NODE_TERM_TAIL, <f64>rank);
      expect<f64>(risk.required(0)).toBe(ranked[rank - 1], 'rank');
    }
    risk.term(n, abi.NODE_TERM_REDUCE, <f64>abi.REDUCE_SHORTFALL);
    risk.term(n, abi.NODE_TERM_TAIL, 2.5);
    expect<f64>(risk.required(0)).toBeCloseTo((9 + 6 + 0.5 * 5) / 2.5, 12);
    risk.term(n, abi.NODE_TERM_REDUCE, <f64>abi.REDUCE_AGED);
    risk.term(n, abi.NODE_TERM_DECAY, 0.5);
    // Ages weigh 1, 1/2, 1/4 ... of 255/128 from the last row on: 9 has 1/4 and 6 has 1.
    risk.term(n, abi.NODE_TERM_TAIL, 0.5);
    expect<f64>(risk.required(0)).toBe(6);
    risk.term(n, abi.NODE_TERM_TAIL, 0.1);
    expect<f64>(risk.required(0)).toBe(9);
  });
  it('may be negative where it is signed, but no requirement is', () => {
    coins();
    perpetuals();
    risk.scenario(0.5);
    const sum = risk.node(abi.NODE_SUM);
    const n = risk.scan(0, 1);
    const gross = risk.exposure(abi.NODE_GROSS, abi.INSTRUMENT_LINEAR, abi.AT_SPOT);
    risk.close(sum);
    risk.model(sum);
    risk.term(n, abi.NODE_TERM_SIGNED, 1);
    holds(1, 0);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(50);
    book.set(abi.NODE_FACTOR, gross * 2, 0);
    expect<f64>(risk.required(0)).toBe(0);
    expect<f64>(risk.required(0, 1)).toBe(50);
  });
});

describe('an exposure', () => {
  it('is gross or short, at the spot, at the mark, or counted in contracts and units', () => {
    const codes: u32[] = [abi.AT_SPOT, abi.AT_VALUE, abi.AT_CONTRACT, abi.AT_UNIT];
    const gross: f64[] = [240, 246, 4, 6];
    const short: f64[] = [40, 40, 2, 4];
    for (let i = 0; i < 4; i++) {
      coins();
      perpetuals();
      book.set(abi.MARKET_MARK, 0, 103);
      book.set(abi.MARKET_INDEX, 0, 100);
      book.set(abi.MARKET_MULTIPLIER, 1, 2);
      risk.scenario(0);
      const n = risk.exposure(abi.NODE_GROSS, abi.INSTRUMENT_LINEAR, codes[i]);
      risk.model(n);
      holds(2, -2);
      risk.ready();
      expect<f64>(risk.required(0)).toBe(gross[i], 'gross');
      book.setIndex(abi.NODE_KIND, n, abi.NODE_SHORT);
      expect<f64>(risk.required(0)).toBe(short[i], 'short');
    }
  });
  it('counts what a confidence lacks, below its threshold', () => {
    coins();
    perpetuals();
    risk.scenario(0);
    const n = risk.exposure(abi.NODE_GROSS, abi.INSTRUMENT_LINEAR, abi.AT_SPOT);
    risk.term(n, abi.NODE_TERM_THRESHOLD, 0.75);
    risk.term(n, abi.NODE_TERM_SLACK, 2);
    risk.model(n);
    holds(1, 1);
    book.set(abi.MARKET_CONFIDENCE, 0, 0.5);
    book.set(abi.MARKET_CONFIDENCE, 1, 0.75);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(100);
    book.setIndex(abi.NODE_FEED, n, 0);
    book.set(abi.ASSET_CONFIDENCE, 0, 0.25);
    // 0.75 of 110, twice.
    expect<f64>(risk.required(0)).toBe(165);
  });
  it('of collateral leaves cash and debts out', () => {
    coins();
    risk.scenario(0);
    const n = risk.exposure(abi.NODE_GROSS, abi.INSTRUMENT_COLLATERAL, abi.AT_VALUE);
    risk.model(n);
    book.setIndex(abi.MODEL_CASH, 0, 0);
    book.unit();
    book.balance(0, 1000);
    book.balance(1, 2);
    book.balance(2, -3);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(200);
    book.setIndex(abi.NODE_AT, n, abi.AT_SPOT);
    expect<f64>(risk.required(0)).toBe(0, 'moves with nothing');
    book.setIndex(abi.ASSET_HEDGES, 1, 2);
    expect<f64>(risk.required(0)).toBe(20);
  });
  it('is what long and short offset', () => {
    coins();
    perpetuals();
    risk.scenario(0);
    risk.model(risk.exposure(abi.NODE_OFFSET, abi.INSTRUMENT_LINEAR, abi.AT_SPOT));
    holds(2, -3);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(30);
  });
  it('nets calls and puts of a strike', () => {
    coins();
    const e = risk.expiry(1, 0.25, 100);
    const call = risk.option(abi.KIND_CALL, e, 96, 0);
    const put = risk.option(abi.KIND_PUT, e, 96, 0);
    book.setIndex(abi.MARKET_TWIN, put, call);
    risk.option(abi.KIND_CALL, e, 104, 0);
    risk.scenario(0);
    risk.model(risk.node(abi.NODE_NET_SHORT));
    book.unit();
    book.balance(0, 0);
    book.position(call, -3, 0);
    book.position(put, 1, 0);
    book.position(2, -1, 0);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(300);
    for (let m: u32 = 0; m < 3; m++) expect<f64>(book.get(abi.MARKET_NET, m)).toBe(0);
  });
});

describe('a charge on deltas', () => {
  it('is net, and what is hedged', () => {
    months(3, -1, -1);
    const n = risk.node(abi.NODE_DELTA);
    risk.term(n, abi.NODE_TERM_NET, 0.5);
    risk.term(n, abi.NODE_TERM_HEDGED, 0.25);
    risk.model(n);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(100);
  });
  it('grows with the time of the months', () => {
    months(3, -1, -1);
    const n = risk.node(abi.NODE_ROLL);
    risk.term(n, abi.NODE_TERM_LEAST, 0.125);
    risk.term(n, abi.NODE_TERM_PER_YEAR, 1);
    risk.model(n);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(300 * 0.125 + 100 * 0.25 + 100 * 0.5);
  });
  it('holds months against one another, the first first', () => {
    months(3, -1, -4);
    const n = risk.node(abi.NODE_CALENDAR);
    risk.term(n, abi.NODE_TERM_RATE, 1);
    risk.model(n);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(100 * 0.25 + 200 * 0.5);
  });
  it('shocks what lies beyond a size', () => {
    months(3, 0, 0);
    const n = risk.node(abi.NODE_DELTA_SHOCK);
    risk.term(n, abi.NODE_TERM_THRESHOLD, 100);
    risk.term(n, abi.NODE_TERM_SLOPE, 0.25);
    risk.term(n, abi.NODE_TERM_MOST, 0.75);
    risk.model(n);
    risk.ready();
    // Two units beyond: half of 300.
    expect<f64>(risk.required(0)).toBe(150);
    risk.term(n, abi.NODE_TERM_MOST, 0.125);
    expect<f64>(risk.required(0)).toBe(37.5);
  });
  it('forms spreads of months, and leaves the rest to deliver', () => {
    months(0, 3, -2);
    const sum = risk.node(abi.NODE_SUM);
    risk.node(abi.NODE_MONTHS);
    risk.node(abi.NODE_DELIVERY);
    risk.close(sum);
    risk.model(sum);
    book.add(abi.COUNT_SPREAD);
    for (let l: u32 = 0; l < 2; l++) {
      book.add(abi.COUNT_LEG);
      book.setIndex(abi.LEG_UNDERLYING, l, abi.NONE);
      book.setIndex(abi.LEG_FROM, l, l);
      book.setIndex(abi.LEG_TO, l, l + 1);
      book.setIndex(abi.LEG_SIDE, l, l);
      book.set(abi.LEG_RATIO, l, 1);
      book.setIndex(abi.LINK_EXPIRY, l, l);
    }
    book.setIndex(abi.SPREAD_END, 0, 2);
    book.set(abi.SPREAD_CHARGE, 0, 8);
    book.setIndex(abi.MODEL_BETWEEN, 0, 1);
    book.setIndex(abi.MODEL_SPREAD_END, 0, 1);
    book.setIndex(abi.DELIVERY_EXPIRY, 0, 0);
    book.set(abi.DELIVERY_LEFT, 0, 4);
    book.set(abi.DELIVERY_USED, 0, 1);
    book.setIndex(abi.MODEL_DELIVERY_END, 0, 1);
    risk.ready();
    // Two spreads; of the first month one contract is left and two are used.
    expect<f64>(risk.required(0)).toBe(16 + 4 + 2);
  });
});

describe('a tree of parts', () => {
  it('sums, or takes the largest', () => {
    coins();
    perpetuals();
    risk.scenario(0.5);
    risk.scenario(-0.5);
    const n = risk.node(abi.NODE_SUM);
    risk.scan(0, 1);
    risk.scan(1, 2);
    const last = risk.scan(0, 2);
    risk.close(n);
    risk.model(n);
    book.set(abi.NODE_FACTOR, last * 2, 0.25);
    holds(1, 0);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(62.5);
    book.setIndex(abi.NODE_KIND, n, abi.NODE_MAX);
    expect<f64>(risk.required(0)).toBe(50);
  });
  it('sums what each underlying asks for on its own', () => {
    coins();
    perpetuals();
    risk.scenario(0.5);
    risk.scenario(-0.5);
    const n = risk.node(abi.NODE_EACH);
    risk.scan(0, 2);
    risk.close(n);
    risk.model(n);
    // The first loses 50 down, the second 10 up: never both at once.
    holds(1, -2);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(60);
    book.setIndex(abi.MODEL_NODE, 0, n + 1);
    expect<f64>(risk.required(0)).toBe(40);
  });
  it('charges an amount by tiers', () => {
    coins();
    perpetuals();
    risk.scenario(0);
    const n = risk.node(abi.NODE_TIERS);
    risk.exposure(abi.NODE_GROSS, abi.INSTRUMENT_LINEAR, abi.AT_SPOT);
    risk.close(n);
    risk.model(n);
    book.setIndex(abi.NODE_TO, n, 4);
    const tiers: f64[] = [80, 0.5, abi.NO_LIMIT, 0.25];
    for (let t: u32 = 0; t < 4; t++) book.set(abi.PARAMETER_VALUE, t, tiers[t]);
    holds(1, 2);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(50);
  });
  it('has a level at which liquidation ends', () => {
    coins();
    perpetuals();
    risk.scenario(-0.5);
    const n = risk.scan(0, 1);
    risk.model(n);
    book.set(abi.NODE_FACTOR, n * 2, 2);
    holds(1, 0);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(100);
    expect<f64>(risk.required(0, 1)).toBe(50);
    expect<f64>(risk.required(0, 2)).toBe(50);
    book.setIndex(abi.MODEL_END, 0, 0);
    expect<f64>(risk.required(0, 2)).toBe(100);
  });
  it('adds what a lost peg asks for', () => {
    coins();
    perpetuals();
    risk.scenario(-0.5);
    const n = risk.scan(0, 1);
    risk.model(n);
    book.set(abi.NODE_FACTOR, n * 2, 2);
    book.setIndex(abi.NODE_PEG, n, 0);
    risk.term(n, abi.NODE_TERM_PEG_THRESHOLD, 1.25);
    risk.term(n, abi.NODE_TERM_PEG_INITIAL, 2);
    holds(1, 0);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(125);
    expect<f64>(risk.required(0, 1)).toBe(50);
  });
  it('takes the worst of none, all bids and all asks', () => {
    coins();
    perpetuals();
    risk.scenario(-0.5);
    risk.scenario(0.5);
    risk.model(risk.scan(0, 2));
    book.unit();
    book.balance(0, 0);
    book.orders(book.position(0, 1, 0), 2, 90, 5, 110);
    risk.ready();
    expect<f64>(risk.required(0)).toBe(200);
    book.set(abi.ORDER_BID_SIZE, 0, 7);
    expect<f64>(risk.required(0)).toBe(400);
    book.setIndex(abi.MODEL_ORDERS, 0, 0);
    expect<f64>(risk.required(0)).toBe(50);
  });
  it('is never more than what nobody has', () => {
    coins();
    perpetuals();
    risk.scenario(-0.5);
    const n = risk.scan(0, 1);
    risk.model(n);
    holds(1, 0);
    risk.ready();
    const wild: f64[] = [Infinity, NaN, 1e250];
    for (let i = 0; i < 3; i++) {
      book.set(abi.NODE_FACTOR, n * 2, wild[i]);
      expect<f64>(risk.required(0)).toBe(1e200);
      expect<f64>(risk.required(0, 1)).toBe(50);
    }
  });
});

describe('a what-if', () => {
  it('adds to what is open, and leaves it as it was', () => {
    coins();
    perpetuals();
    risk.scenario(-0.5);
    risk.model(risk.scan(0, 1));
    holds(1, 0);
    book.setIndex(abi.UNIT_MODEL, 0, 1);
    risk.ready();
    openAccount(book.header, 0);
    expect<f64>(book.get(abi.HOUSE_REQUIRED, 0)).toBe(50);
    tryPosition(0, 2);
    expect<f64>(book.get(abi.HOUSE_REQUIRED, 0)).toBe(150);
    tryPosition(1, 2);
    expect<f64>(book.get(abi.HOUSE_REQUIRED, 0)).toBe(60);
    addPosition(1, 2);
    tryPosition(0, -1);
    expect<f64>(book.get(abi.HOUSE_REQUIRED, 0)).toBe(10);
    expect<f64>(book.get(abi.POSITION_SIZE, 0)).toBe(1);
    expect<f64>(risk.required(0)).toBe(50);
  });
});
