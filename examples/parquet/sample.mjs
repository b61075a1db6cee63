// A made-up venue as Parquet files: balances in smallest units (INT64), positions as doubles, the same for the same seed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';

/** Assets and markets, as a book says them. `decimals` is the scale of the file's amounts. */
export const VENUE = {
  format: /** @type {const} */ ('margin-kernel/book@1'),
  numeraire: 'USDT',
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 60_000, assetWeight: 0.95 },
  ],
  markets: [
    {
      id: 'BTC-PERP',
      kind: /** @type {const} */ ('linear'),
      base: 'BTC',
      settle: 'USDT',
      mark: 60_000,
      brackets: [
        { upTo: 50_000, maintenanceRate: 0.004, maxLeverage: 125 },
        { upTo: 600_000, maintenanceRate: 0.005, maxLeverage: 100 },
        { upTo: null, maintenanceRate: 0.01, maxLeverage: 50 },
      ],
    },
    {
      id: 'ETH-PERP',
      kind: /** @type {const} */ ('linear'),
      settle: 'USDT',
      mark: 3_000,
      brackets: [{ upTo: null, maintenanceRate: 0.01, maxLeverage: 50 }],
    },
  ],
  accounts: [],
};

/** Digits after the point of the amounts in the file. */
export const SCALE = 8;

/** Mulberry32: the same numbers on every machine. @param {number} seed */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Rows of a venue.
 * @param {number} accounts
 * @param {number} [seed]
 */
export function rowsOf(accounts, seed = 2024) {
  const next = random(seed);
  /** @type {{ account: string, asset: string, units: bigint }[]} */
  const balances = [];
  /** @type {{ account: string, market: string, size: number, entry: number }[]} */
  const positions = [];
  for (let i = 0; i < accounts; i++) {
    const account = `t${String(i).padStart(7, '0')}`;
    balances.push({ account, asset: 'USDT', units: BigInt(Math.floor(next() * 5e12)) });
    if (next() < 0.3) balances.push({ account, asset: 'BTC', units: BigInt(Math.floor(next() * 1e8)) });
    for (const [market, mark, most] of /** @type {const} */ ([
      ['BTC-PERP', 60_000, 20],
      ['ETH-PERP', 3_000, 200],
    ])) {
      if (next() < 0.4) continue;
      const size = Math.round((next() - 0.5) * most * 1000) / 1000;
      if (size !== 0) positions.push({ account, market, size, entry: Math.round(mark * (0.95 + 0.1 * next())) });
    }
  }
  return { balances, positions };
}

/**
 * Rows as Parquet bytes.
 * @param {readonly Record<string, any>[]} rows
 * @param {Record<string, 'STRING' | 'INT64' | 'INT32' | 'DOUBLE'>} types - by column
 */
export function parquetOf(rows, types) {
  const columnData = Object.entries(types).map(([name, type]) => ({ name, type, data: rows.map((row) => row[name]) }));
  return parquetWriteBuffer({ columnData });
}

/** The types of the two files. */
export const TYPES = {
  balances: /** @type {const} */ ({ account: 'STRING', asset: 'STRING', units: 'INT64' }),
  positions: /** @type {const} */ ({ account: 'STRING', market: 'STRING', size: 'DOUBLE', entry: 'DOUBLE' }),
};

/** Writes balances.parquet and positions.parquet. @param {string} folder @param {number} accounts */
export function writeSample(folder, accounts) {
  const { balances, positions } = rowsOf(accounts);
  writeFileSync(join(folder, 'balances.parquet'), new Uint8Array(parquetOf(balances, TYPES.balances)));
  writeFileSync(join(folder, 'positions.parquet'), new Uint8Array(parquetOf(positions, TYPES.positions)));
}
