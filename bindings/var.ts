// margin-kernel/var: the Book of margin-kernel/scenario with value at risk and expected shortfall, on all three modules of the kernel.
// An entry of its own, so that who measures nothing of the kind does not carry it; margin-kernel/reference/var is the same without
// WebAssembly.
import { load } from '#wasm/margin';
import { BookBase, type BookOptions, type DecodeOptions } from './book/book.js';
import type { BookJSON } from './book/types.js';
import { compileKernel, wasmEngine } from './kernel.js';
import type { RollingBacktest } from './statistics/backtest/rolling.js';
import { type BacktestOptions, backtestOn } from './var/backtest.js';
import { simulateOnKernel } from './var/sources/kernel-simulator.js';
import { type MonteCarloOptions, type MonteCarloScenarios, monteCarloOn } from './var/sources/monte-carlo.js';
import { scenariosAndTailsIn } from './var/wasm.js';

const module = /* @__PURE__ */ compileKernel(load);

/** A book of assets, expiries, scenario models, markets and accounts; owns its kernel instance and memory. */
export class Book extends BookBase {
  /** An empty book. */
  static create(options: BookOptions = {}): Book {
    return new Book(wasmEngine(module, scenariosAndTailsIn), options);
  }
  /** Reads `book@1` text or an object of that shape. @throws MarginError with the path of what is wrong */
  static fromJSON(json: string | BookJSON): Book {
    return Book.create().load(json);
  }
  /** Reads what `encode` wrote. @throws MarginError format, truncated, corrupt */
  static decode(bytes: Uint8Array, options: DecodeOptions = {}): Book {
    return Book.create().loadEncoded(bytes, options);
  }
}

export * from './public.js';
export * from './scenario/public.js';
export * from './var/public.js';

/**
 * Simulated moves of factors: normal or Student-t, with a covariance that is given or estimated, from Philox or scrambled Sobol
 * numbers. A path has the same numbers in any split and on both engines.
 * @throws MarginError type, range, not-finite, missing-key, unknown-key, conflict, too-many
 * @example
 * const covariance = [[0.0016, 0.0018], [0.0018, 0.0025]];
 * const scenarios = monteCarlo({ names: ['BTC', 'ETH'], covariance, paths: 10_000, seed: 1, distribution: { student: 4 } });
 */
export const monteCarlo: (options: MonteCarloOptions) => MonteCarloScenarios =
  /* @__PURE__ */ monteCarloOn(simulateOnKernel);

/**
 * A rolling backtest of methods by name: `historical`, `age`, `filtered`, `normal`, `cornish-fisher`, `monte-carlo`, or functions of
 * one's own. Each day after the window is forecast from the window before it; VaR and ES are losses, POSITIVE.
 * @throws MarginError as `rollingBacktest` of margin-kernel/statistics does, and for methods that are none
 * @example
 * const returns = Array.from({ length: 400 }, (_, day) => ((day * 37) % 101) / 1000 - 0.05);
 * const { methods } = backtest({ returns, methods: ['historical', 'normal'], confidence: '0.975' });
 */
export const backtest: (options: BacktestOptions) => RollingBacktest = /* @__PURE__ */ backtestOn(monteCarlo);
