// What both engines implement: the wasm kernel (kernel.ts) and plain TypeScript (reference/engine.ts).
// An engine owns the memory that a book's columns live in and computes over it; it knows nothing of ids or JSON.
import type { Store } from './memory.js';
import type { TradeTerms } from './reference/liquidation/trade.js';
import type { ScenarioDoors } from './scenario/doors.js';

export interface Engine {
  readonly name: 'wasm' | 'reference';
  /** First byte of `buffer` that is free for columns. */
  readonly base: number;
  /** The memory; another object after `grow`. */
  readonly buffer: ArrayBuffer;
  /** Makes `buffer` at least this long. @throws MarginError memory */
  grow(bytes: number): void;
  /** Options and scenarios; nothing where the engine has none. */
  readonly scenarios?: ScenarioEngine | undefined;
  /** Tails of gains; nothing where the engine has none. */
  readonly tails?: TailEngine | undefined;
  /** What another module of the kernel needs to work in the same memory; nothing where the engine is no WebAssembly. */
  readonly host?: KernelHost | undefined;
  /** Computes the unit values of every asset and market: once a tick, before a scan. */
  values(store: Store): void;
  /** Computes those of one market, where nothing else has changed. */
  marketValues(store: Store, market: number): void;
  /** x^y, for what is computed outside the scan (explain.ts): the same bits, and no second copy of its tables. */
  pow(x: number, y: number): number;
  /** Margins every unit in `[from, to)`; with `whole`, resets and fills the house totals and the liquidatable list too. */
  scan(store: Store, from: number, to: number, whole: boolean): void;
  /** Margins units `[from, to)`, and gives the liquidation prices of their positions, into the section `price`. */
  liquidationPrices(store: Store, from: number, to: number): void;
  /**
   * Opens a ray for a unit: the mark of `market` with all that shares its underlying, or (NONE) every price that has a `shift`.
   * @param level - 0 initial, 1 maintenance, 2 liquidation end, 3 equity
   */
  openRay(store: Store, unit: number, market: number, level: number): void;
  /** Solves the open ray: the upper end of its healthy part, or the lower. @returns ROOT bits; the rest is in house.answer */
  solveRay(upper: boolean): number;
  /** Health of the unit at point `x` of the open ray. */
  rayHealth(x: number): number;
  /** Opens sizes of a trade on a copy of a unit; health below `aim` counts as ill. @returns the position held now */
  openTrade(store: Store, unit: number, trade: TradeTerms, level: number, aim: number): number;
  /** Opens amounts of a withdrawal on a copy of a unit. @returns the balance held now */
  openWithdrawal(store: Store, unit: number, asset: number, level: number, aim: number): number;
  /**
   * Solves the open sizes from `from` to `end`.
   * @param shape - of health in the size: SHAPE codes
   * @returns ROOT bits; the rest is in house.answer
   */
  solveSize(from: number, end: number, shape: number): number;
  /** Health after the trade or withdrawal that is open, at size `x`; collateral and requirement are in house.answer. */
  sizeHealth(x: number): number;
  /** Risk of a unit before and after a trade of `size` (>= 0), into house.answer. @returns the position held now */
  tryTrade(store: Store, unit: number, trade: TradeTerms, size: number): number;
}

/** What an engine has for options and scenario models. */
export interface ScenarioEngine {
  readonly doors: ScenarioDoors;
  /** Values options that have no mark, and keeps how far the others are from their values: before unit values. */
  valueOptions(store: Store): void;
  /** Makes the risk arrays of all models: after prices have moved. */
  riskArrays(store: Store): void;
  /** Sets the prices of one option to its value at the prices of now, and what stood between its mark and that. */
  valueOption(store: Store, market: number): void;
  /** Keeps how far the mark of one option that was set is from its value. */
  quoteOption(store: Store, market: number): void;
  /** Makes the risk arrays of one market, or of one asset's balances, anew: in one model, or (NONE) in all. */
  repriceMarket(store: Store, market: number, model: number): void;
  repriceAsset(store: Store, asset: number, model: number): void;
  /** Requirement of a unit by its model, into house.required. */
  requirement(store: Store, unit: number): void;
  /** Opens a unit for what-ifs: they hold until prices, the book or another question change anything. */
  openAccount(store: Store, unit: number): void;
  /** Requirement of the open unit with `size` contracts more of a market, into house.required; they are not kept. */
  tryPosition(store: Store, market: number, size: number): void;
  /** Keeps `size` contracts more of a market in the open unit; the book stays as it is. */
  addPosition(store: Store, market: number, size: number): void;
}

/** What an engine has for value at risk: see var/ and reference/var/tail.ts. */
export interface TailEngine {
  /** Takes the logarithms of the forwards in `quote`. */
  quoteLogs(store: Store): void;
  /** Prices an option in every scenario of `quote`: from forwards, logarithms and standard deviations. */
  quotePrices(store: Store, isCall: boolean, strike: number): void;
  /** Tails of units or accounts `[from, to)` by the measure, into `loss` and what else it asks for. */
  tails(store: Store, from: number, to: number): void;
  /** Adds what units `[from, to)` lack in each scenario to `deficit`; they have been margined. */
  deficits(store: Store, from: number, to: number): void;
  /** Tail of the first `count` holdings, into row `into` of `loss`, and into `tail`. @returns losses that are in it */
  tailOf(store: Store, count: number, into: number): number;
}

/** See watch/module.ts. */
export interface KernelHost {
  readonly memory: WebAssembly.Memory;
  /** What the kernel asks of scenario models: assembly/model.ts. */
  readonly model: Readonly<Record<string, (...args: number[]) => void>>;
}
