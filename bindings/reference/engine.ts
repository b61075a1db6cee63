// The reference engine: the same rows in an ordinary ArrayBuffer, the same arithmetic in plain TypeScript.
import type { Engine } from '../engine.js';
import { MarginError } from '../errors.js';
import { WRITTEN } from '../layout.js';
import type { Store } from '../memory.js';
import { scan } from './account.js';
import { liquidationPrices } from './liquidation/price.js';
import { Question, SizeQuestion, tryTrade } from './liquidation/question.js';
import { Trade, type TradeTerms, Withdrawal } from './liquidation/trade.js';
import { pow } from './numeric/pow.js';
import { referenceScenarios } from './scenario/engine.js';
import { marketValues, values } from './value.js';
import { referenceTails } from './var/engine.js';

/** Test oracle of the kernel, and fallback where WebAssembly is not allowed. */
export function referenceEngine(): Engine {
  let buffer = new ArrayBuffer(65536);
  let question: Question;
  let sizes: SizeQuestion;
  return {
    name: 'reference',
    scenarios: referenceScenarios(),
    tails: referenceTails,
    base: 0,
    get buffer(): ArrayBuffer {
      return buffer;
    },
    grow(bytes: number): void {
      try {
        const more = new ArrayBuffer(Math.max(bytes, Math.ceil(buffer.byteLength * 1.25)));
        new Uint8Array(more).set(new Uint8Array(buffer));
        buffer = more;
      } catch {
        throw new MarginError('memory', { path: 'book', got: bytes, expected: 'bytes that the machine can give' });
      }
    },
    values(store: Store): void {
      values(store.columns, store.count('asset'), store.count('market'));
    },
    marketValues(store: Store, market: number): void {
      marketValues(store.columns, market);
    },
    pow,
    scan(store: Store, from: number, to: number, whole: boolean): void {
      scan(store, from, to, whole);
      store.columns.house.written[0] = WRITTEN.collateral | WRITTEN.end;
    },
    liquidationPrices,
    openRay(store: Store, unit: number, market: number, level: number): void {
      question = new Question(store, unit, market, level);
    },
    solveRay: (upper: boolean): number => question.solve(upper),
    rayHealth: (x: number): number => question.healthOn(x),
    openTrade(store: Store, unit: number, terms: TradeTerms, level: number, aim: number): number {
      const trade = new Trade(store, unit, terms);
      sizes = new SizeQuestion(store, trade, level, aim);
      return trade.held;
    },
    openWithdrawal(store: Store, unit: number, asset: number, level: number, aim: number): number {
      const withdrawal = new Withdrawal(store, unit, asset);
      sizes = new SizeQuestion(store, withdrawal, level, aim);
      return withdrawal.held;
    },
    solveSize: (from: number, end: number, shape: number): number => sizes.solve(from, end, shape),
    sizeHealth: (x: number): number => sizes.healthAt(x),
    tryTrade,
  };
}
