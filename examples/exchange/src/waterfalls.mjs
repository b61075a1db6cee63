// Which waterfalls the exchange can run: presets of the package that ask for nothing but an insurance fund or a vault.
// Their order book stage is the live order book, so it says how low a liquidation may sell; the stages behind it run on
// the ledger.
import { MarginError } from 'margin-kernel';
import { about, drift, presets } from 'margin-kernel/waterfall';
import { FEE_POOL } from './venue.mjs';

/** @typedef {import('margin-kernel/waterfall').Stage} Stage */
/**
 * @typedef {{ name: string, summary: string, fund: string, floor: 'none' | 'bankruptcy', takesOver: boolean, pays:
 *   boolean, stages: readonly Stage[] }} Waterfall
 */

/** Presets by the name of the fund that they ask. */
const FUNDS = /** @type {const} */ ({
  binance: 'insurance',
  bitmex: 'insurance',
  bybit: 'insurance',
  okx: 'insurance',
  hyperliquid: 'vault',
  dydx: 'insurance',
  drift: 'insurance',
  mango: 'insurance',
  gen2: 'insurance',
});

export const WATERFALLS = /** @type {(keyof typeof FUNDS)[]} */ (Object.keys(FUNDS));

/** One asset and a live order book: nothing is left for these kinds to do. */
const LIVE = ['liquidate', 'convert'];

/** @param {string} name @returns {Waterfall} @throws MarginError unknown-id */
export function waterfallOf(name) {
  if (!Object.hasOwn(FUNDS, name)) {
    throw new MarginError('unknown-id', { path: '--preset', got: name, expected: `one of ${WATERFALLS.join(', ')}` });
  }
  const known = /** @type {keyof typeof FUNDS} */ (name);
  const all = /** @type {readonly Stage[]} */ (known === 'drift' ? drift({ feePool: FEE_POOL }) : presets[known]);
  const book = all.find(({ kind }) => kind === 'liquidate');
  return {
    name,
    summary: about[known].summary,
    fund: FUNDS[known],
    floor: book && 'floor' in book && book.floor === 'bankruptcy' ? 'bankruptcy' : 'none',
    takesOver: all.some(({ kind }) => kind === 'transfer'),
    pays: all.some(({ kind = 'layer' }) => kind === 'layer'),
    stages: all.filter(({ kind = 'layer' }) => !LIVE.includes(kind)),
  };
}
