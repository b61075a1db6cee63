// Orders, ticks and batches of accounts as a venue has them, from a seed.

export const MARKETS = /** @type {const} */ ([
  ['BTC/USDT:USDT', 61_250],
  ['ETH/USDT:USDT', 2962],
  ['SOL/USDT:USDT', 138.4],
  ['DOGE/USDT:USDT', 0.1194],
]);

/** @param {number} seed @param {readonly string[]} ids - of accounts */
export function orders(seed, ids) {
  // mulberry32
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  /** @template T @param {readonly T[]} list @returns {T} */
  const pick = (list) => /** @type {T} */ (list[Math.floor(next() * list.length)]);
  const near = (/** @type {number} */ mark) => Number((mark * (0.99 + 0.02 * next())).toPrecision(4));
  return {
    /** Body of a check: an order of some thousand dollars near the mark. */
    check() {
      const [market, mark] = pick(MARKETS);
      const size = Number(((50 + 5000 * next()) / mark).toPrecision(3));
      return { account: pick(ids), order: { market, side: pick(['buy', 'sell']), size, price: near(mark) } };
    },
    tick: () => ({ marks: MARKETS.map(([market, mark]) => ({ market, mark: near(mark) })) }),
    batch() {
      const deposits = Array.from({ length: 5 }, () => ({
        kind: 'deposit',
        account: pick(ids),
        asset: 'USDT',
        amount: 10,
      }));
      const fill = { kind: 'fill', account: pick(ids), market: 'ETH/USDT:USDT', size: 0.01, price: 2962 };
      return { updates: [...deposits, fill] };
    },
  };
}
