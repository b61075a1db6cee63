// The second module of the kernel (assembly/risk.ts), compiled at import and instantiated for a memory: special functions,
// options and scenarios. Who imports nothing that needs it does not carry it.

import { instantiate } from '#wasm/instantiate';
import { load } from '#wasm/risk';
import { compileKernel } from './kernel.js';

/** What assembly/risk.ts exports. */
export interface RiskExports extends Record<string, unknown> {
  /** First byte behind the tables of both modules. */
  heapBase(): number;
  exp(x: number): number;
  log(x: number): number;
  pow(x: number, y: number): number;
  erf(x: number): number;
  erfc(x: number): number;
  erfcx(x: number): number;
  normalCdf(x: number): number;
  normalDensity(x: number): number;
  valueOptions(header: number): void;
  riskArrays(header: number): void;
  valueOption(header: number, market: number): void;
  quoteOption(header: number, market: number): void;
  repriceMarket(header: number, market: number, model: number): void;
  repriceAsset(header: number, asset: number, model: number): void;
  requirement(header: number, unit: number): void;
  openAccount(header: number, unit: number): void;
  tryPosition(market: number, size: number): void;
  addPosition(market: number, size: number): void;
  normalLogCdf(x: number): number;
  normalQuantile(p: number): number;
  studentCdf(t: number, dof: number): number;
  studentQuantile(p: number, dof: number): number;
  /** A function of n numbers by its code: see assembly/numeric/maps.ts. */
  map(code: number, from: number, to: number, n: number): void;
  mapWith(code: number, from: number, to: number, n: number, y: number): void;
  /** Answers for `rows` options of the block at `block`; see options/layout.ts. */
  optionPrices(block: number, form: number, rows: number): void;
  digitalPrices(block: number, form: number, rows: number): void;
  optionGreeks(block: number, form: number, rows: number): void;
  impliedVols(block: number, form: number, rows: number): void;
  /** ln of `count` forwards as high parts, then as many low ones. */
  scenarioLogs(count: number, forwards: number, into: number): void;
  /** Undiscounted prices of one option, one a scenario; `count` is even, `logs` are of `scenarioLogs`. */
  scenarioPrices(
    isCall: number,
    strike: number,
    rootTime: number,
    count: number,
    forwards: number,
    logs: number,
    vols: number,
    into: number,
  ): void;
}

const module = /* @__PURE__ */ compileKernel(load);

/** An instance that works in `memory`. */
export function riskIn(memory: WebAssembly.Memory): RiskExports {
  return instantiate(module, { env: { memory } }) as unknown as RiskExports;
}
