// The doors into a book: JSON, the binary codec, the column door and live updates lead to the same bytes, on both engines.
// The bytes are all input columns in canonical order, so equal bytes are equal columns.
import { describe, expect, it } from 'vitest';
import { Book, margin } from '../bindings/index.js';
import type { AccountJSON, AssetJSON, BookJSON, HoldingsJSON, MarketJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { Random, randomBook } from './random-book.js';

const BOOKS = Number(process.env.DOOR_BOOKS ?? 40);
const TIMEOUT = 60_000;

/** Contents of a binary book, and where its columns start. */
function contentsOf(bytes: Uint8Array): { columns: [string, string, string, number, number, number][]; start: number } {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  const { columns } = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length)));
  return { columns, start: Math.ceil((16 + length) / 8) * 8 };
}

function expectSameBytes(got: Uint8Array, wanted: Uint8Array, what: string): void {
  if (Buffer.compare(got, wanted) === 0) return;
  const [a, b] = [contentsOf(got), contentsOf(wanted)];
  const at = got.findIndex((byte, i) => i >= a.start && byte !== wanted[i]);
  const column = a.columns.filter(([, , , , , offset]) => a.start + offset <= at).pop();
  const where = `${column?.[0]}.${column?.[1]}, byte ${at - a.start - (column?.[5] ?? 0)} of the column`;
  expect.fail(
    `${what}: ${got.length} and ${wanted.length} bytes, contents of ${a.start} and ${b.start}, first difference in ${where}`,
  );
}

/** A random book with more isolated buckets, and without what only JSON can say: a cost, an empty position. */
function tradableBook(seed: number): BookJSON {
  const json = randomBook(seed);
  const r = new Random(seed ^ 0x5bd1e995);
  const marks = new Map(json.markets.map((m) => [m.id, m.mark]));
  const traded = (h: HoldingsJSON): HoldingsJSON => ({
    ...h,
    positions: (h.positions ?? [])
      .filter((p) => p.size !== 0)
      .map(({ cost, entry, ...p }) => ({ ...p, entry: entry ?? marks.get(p.market) ?? 1 })),
  });
  const isEmpty = (h: HoldingsJSON): boolean =>
    Object.keys(h.balances ?? {}).length + (h.positions ?? []).length + (h.orders ?? []).length === 0;
  const accounts = json.accounts.map((a): AccountJSON => {
    const cross = traded(a);
    const buckets = (a.buckets ?? []).map((b) => ({ ...traded(b), bucket: b.bucket }));
    const { balances, positions, orders } = cross;
    for (const bucket of [20, 11, 15]) {
      if (r.chance(0.4)) buckets.push({ bucket, balances, positions, orders } as (typeof buckets)[number]);
    }
    return { ...a, ...cross, buckets: buckets.filter((b) => !isEmpty(b)) };
  });
  return { ...json, accounts };
}

/** The same book by live updates in a random order; only orders of one unit keep theirs, since their sums fold in it. */
function liveBook(json: BookJSON, seed: number): Book {
  const r = new Random(seed + 77);
  const { liquidatableWhen = '<' } = json;
  const book = Book.create({ liquidatableWhen });
  for (const asset of json.assets) {
    const { deposits: _d, borrows: _b, depositIndex: _i, borrowIndex: _j, ...rest } = asset;
    book.addAsset({ ...rest, price: Number(asset.price) * 3 + 1 });
  }
  for (const market of json.markets) {
    const { openInterest: _o, ...rest } = market;
    book.addMarket({ ...rest, mark: Number(market.mark) / 2 });
  }
  const queues: (() => void)[][] = [];
  for (const account of json.accounts) {
    book.addAccount({ id: account.id });
    const { marginMultiplier = 1, liquidationBuffer = 0, initialRateFloor = 0 } = account;
    queues.push([() => book.setTerms(account.id, { marginMultiplier, liquidationBuffer, initialRateFloor })]);
    queues.push(...updatesOf(book, json, account.id, account, 0));
    for (const b of account.buckets ?? []) queues.push(...updatesOf(book, json, account.id, b, b.bucket));
  }
  while (queues.length > 0) {
    const at = r.int(0, queues.length - 1);
    queues[at]?.shift()?.();
    if (queues[at]?.length === 0) queues.splice(at, 1);
  }
  for (const asset of json.assets) setAsset(book, asset);
  for (const market of json.markets) setMarket(book, market);
  return book;
}

function updatesOf(book: Book, json: BookJSON, account: string, h: HoldingsJSON, bucket: number): (() => void)[][] {
  const deposits = Object.entries(h.balances ?? {}).map(([asset, amount]) => {
    // Halves are exact.
    const half = (): void => book.deposit(account, asset, Number(amount) / 2, { bucket });
    return [half, half];
  });
  const positions = (h.positions ?? []).map((p) => {
    const { market, side: positionSide = 'net', fundingIndex, leverage } = p;
    const final = json.markets.find((m) => m.id === market)?.fundingIndex ?? 0;
    const fill = (): void => {
      book.setFundingIndex(market, fundingIndex ?? final);
      const half = { market, positionSide, bucket, size: Number(p.size) / 2, price: p.entry ?? 0 };
      book.fill(account, half);
      book.fill(account, half);
      book.setFundingIndex(market, final);
    };
    const lever = (): void => book.setLeverage(account, market, leverage ?? 1, { bucket, positionSide });
    return leverage === undefined ? [fill] : [lever, fill];
  });
  const orders = (h.orders ?? []).map((o) => (): void => {
    const { positionSide = 'net', ...order } = o;
    book.placeOrder(account, { ...order, positionSide, bucket });
  });
  return [...deposits, ...positions, orders];
}

function setAsset(book: Book, a: AssetJSON): void {
  book.setPrice(a.id, a.price, { twap: a.twap ?? a.price, stable: a.stable ?? a.price });
  const { deposits = 0, borrows = 0, depositIndex = 1, borrowIndex = 1 } = a;
  book.setTotals(a.id, { deposits, borrows, depositIndex, borrowIndex });
}

function setMarket(book: Book, m: MarketJSON): void {
  const { mark = 1, index = mark, openInterest = 0 } = m;
  const guards = m.rounding ? {} : { twap: m.twap ?? mark, stable: m.stable ?? mark };
  book.setMark(m.id, mark, { index, ...guards });
  if (m.kind !== 'spot') book.setOpenInterest(m.id, openInterest);
}

/** Every number as a decimal string. */
function asStrings(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(asStrings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, asStrings(v)]));
}

describe('one book, the same bytes', () => {
  it(
    `through JSON, text and the binary codec, on both engines (${BOOKS} books)`,
    () => {
      for (let seed = 0; seed < BOOKS; seed++) {
        const json = randomBook(seed);
        const book = Book.fromJSON(json);
        const bytes = book.encode();
        const written = book.toJSON();
        const text = JSON.stringify(written);
        for (const [what, again] of [
          ['decode', Book.decode(bytes)],
          ['toJSON', Book.fromJSON(written)],
          ['text', Book.fromJSON(JSON.stringify(json, null, 2))],
          ['text of toJSON', Book.fromJSON(text)],
          ['reference', ReferenceBook.fromJSON(json)],
          ['decode by the reference', ReferenceBook.decode(bytes)],
        ] as const) {
          expectSameBytes(again.encode(), bytes, `seed ${seed}, ${what}`);
          expect(JSON.stringify(again.toJSON()), `seed ${seed}, ${what}`).toBe(text);
        }
      }
    },
    TIMEOUT,
  );

  it('with numbers as decimal strings', () => {
    for (let seed = 0; seed < BOOKS; seed++) {
      const json = randomBook(seed);
      const strings = Book.fromJSON(asStrings(json) as BookJSON);
      expectSameBytes(strings.encode(), Book.fromJSON(json).encode(), `seed ${seed}`);
    }
    const exact = Book.create();
    exact.addAsset({ id: 'USDT', price: '1' });
    exact.addAccount({ id: 'a', balances: { USDT: '+01000.1000000000000000000001e0' } });
    expect(exact.accountJSON('a').balances).toEqual({ USDT: 1000.1 });
  });

  it(
    'by live updates in any order, buckets opened out of order',
    () => {
      let buckets = 0;
      for (let seed = 0; seed < BOOKS; seed++) {
        const json = tradableBook(seed);
        const wanted = Book.fromJSON(json);
        buckets += wanted.units - wanted.accounts;
        const live = liveBook(json, seed);
        expectSameBytes(live.encode(), wanted.encode(), `seed ${seed}`);
        expect(JSON.stringify(live.toJSON()), `seed ${seed}`).toBe(JSON.stringify(wanted.toJSON()));
        const [a, b] = [margin(wanted), margin(live)];
        for (let account = 0; account < wanted.accounts; account++) {
          const [units, others] = [wanted.unitsOf(account), live.unitsOf(account)];
          units.forEach((u, i) => {
            const v = others[i] ?? -1;
            expect(live.unitBucket(v)).toBe(wanted.unitBucket(u));
            expect(b.equity[v]).toBe(a.equity[u]);
            expect(b.maintenanceMargin[v]).toBe(a.maintenanceMargin[u]);
            expect(b.initialMargin[v]).toBe(a.initialMargin[u]);
          });
        }
      }
      expect(buckets).toBeGreaterThan(BOOKS);
    },
    TIMEOUT,
  );

  it('by columns', () => {
    for (let seed = 0; seed < BOOKS; seed++) {
      const r = new Random(seed + 5);
      const { accounts: drafts, ...rest } = randomBook(seed, { features: 1, accounts: 6 });
      const wanted = Book.fromJSON({ ...rest, accounts: [] });
      const columns = Book.fromJSON({ ...rest, accounts: [] });
      const rows = { balances: [] as [number, number, number][], positions: [] as number[][] };
      drafts.forEach((draft, account) => {
        const positions = (draft.positions ?? []).filter((p) => p.side === 'net' && p.entry !== undefined);
        wanted.addAccount({ id: draft.id, balances: draft.balances ?? {}, positions });
        const balances = Object.entries(draft.balances ?? {});
        // Rows of an account may come in any order.
        if (r.chance(0.5)) balances.reverse();
        if (r.chance(0.5)) positions.reverse();
        for (const [asset, amount] of balances) rows.balances.push([account, columns.asset(asset), Number(amount)]);
        for (const { market, size, entry, fundingIndex, leverage } of positions) {
          const m = columns.market(market);
          const funding = fundingIndex ?? wanted.store.columns.market.fundingIndex[m] ?? 0;
          const rate = leverage === undefined ? 0 : 1 / Number(leverage);
          rows.positions.push([account, m, Number(size), Number(entry), Number(funding), rate]);
        }
      });
      const u32 = (list: readonly (readonly number[])[], k: number): Uint32Array =>
        Uint32Array.from(list, (row) => row[k] ?? 0);
      const f64 = (list: readonly (readonly number[])[], k: number): Float64Array =>
        Float64Array.from(list, (row) => row[k] ?? 0);
      const { balances: b, positions: p } = rows;
      const first = columns.addColumns({
        accounts: drafts.length,
        ids: drafts.map((a) => a.id),
        balances: { account: u32(b, 0), asset: u32(b, 1), amount: f64(b, 2) },
        positions: {
          account: u32(p, 0),
          market: u32(p, 1),
          size: f64(p, 2),
          entry: f64(p, 3),
          fundingIndex: f64(p, 4),
          initialRate: f64(p, 5),
        },
      });
      expect(first).toBe(0);
      expectSameBytes(columns.encode(), wanted.encode(), `seed ${seed}`);
      expect(margin(columns).totals).toEqual(margin(wanted).totals);
    }
  });
});

describe('what a door leaves out is the default', () => {
  it('columns without funding and rate take the market’s funding and no rate, ids are row numbers', () => {
    const market: MarketJSON = {
      id: 'P',
      kind: 'linear',
      settle: 'USDT',
      mark: 10,
      fundingIndex: -3,
      brackets: [{ upTo: null, maintenanceRate: 0.01 }],
    };
    const book = Book.create();
    book.addAsset({ id: 'USDT', price: 1 });
    book.addMarket(market);
    book.addAccount({ id: 'first' });
    const position = { market: Uint32Array.of(0), size: Float64Array.of(-0), entry: Float64Array.of(10) };
    const first = book.addColumns({
      accounts: 2,
      balances: { account: Uint32Array.of(1), asset: Uint32Array.of(0), amount: Float64Array.of(-0) },
      positions: {
        account: Uint32Array.of(1),
        ...position,
        fundingIndex: Float64Array.of(-0),
        initialRate: Float64Array.of(-0),
      },
    });
    expect([first, book.accounts, book.accountId(1), book.accountId(2)]).toEqual([1, 3, '1', '2']);
    book.addColumns({
      accounts: 1,
      balances: { account: Uint32Array.of(), asset: Uint32Array.of(), amount: Float64Array.of() },
      positions: { account: Uint32Array.of(0), ...position },
    });
    expect(book.accountJSON(3)).toEqual({
      id: '3',
      balances: { USDT: 0 },
      positions: [{ market: 'P', size: 0, cost: 0, fundingIndex: -3 }],
    });
    // Of the two zeros only the positive reaches a column: what is encoded can be decoded.
    expectSameBytes(Book.decode(book.encode()).encode(), book.encode(), 'zeros');
    expect(Object.is(Book.decode(book.encode()).accountJSON(2).positions?.[0]?.fundingIndex, 0)).toBe(true);
  });

  it('a head, units and terms survive every door', () => {
    const json: BookJSON = {
      format: 'margin-kernel/book@1',
      numeraire: 'EUR',
      time: '2022-11-09T00:00:00Z',
      liquidatableWhen: '<=',
      assets: [{ id: 'EUR', price: 1 }],
      markets: [],
      accounts: [
        {
          id: 'é \ud800 "quoted"',
          marginMultiplier: 2,
          balances: { EUR: 1 },
          reserved: { EUR: 0.5 },
          buckets: [{ bucket: 4294967294, balances: { EUR: 2 } }],
        },
      ],
    };
    for (const Door of [Book, ReferenceBook]) {
      const book = Door.decode(Door.fromJSON(JSON.stringify(json)).encode());
      expect([book.numeraire, book.time, book.toJSON().liquidatableWhen]).toEqual([
        'EUR',
        '2022-11-09T00:00:00Z',
        '<=',
      ]);
      expect(book.toJSON().accounts).toEqual(json.accounts);
      expect(book.unit('é \ud800 "quoted"', 4294967294)).toBe(1);
    }
  });

  it('bytes may stand anywhere in a larger buffer', () => {
    const bytes = Book.fromJSON(randomBook(3)).encode();
    for (const shift of [1, 3, 8]) {
      const larger = new Uint8Array(bytes.length + 64);
      larger.set(bytes, shift);
      const book = Book.decode(larger.subarray(shift, shift + bytes.length));
      expectSameBytes(book.encode(), bytes, `shifted by ${shift}`);
    }
    expectSameBytes(Book.decode(Buffer.from(bytes)).encode(), bytes, 'Buffer');
    expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
    expect(Buffer.from(bytes.subarray(0, 6)).toString()).toBe('MKBOOK');
  });
});
