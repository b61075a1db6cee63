// The options engine on the kernel, in a small memory of its own that is made when it is first asked.
import { riskIn } from '../risk-module.js';
import type { Form, OptionEngine } from './engine.js';
import { COLUMNS, ROWS } from './layout.js';

const PAGE = 65536;
/** The columns start on a cache line. */
const LINE = 64;

export function kernelOptions(): OptionEngine {
  // The kernel's tables take part of the first page.
  const pages = 1 + Math.ceil((ROWS * COLUMNS * 8) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: PAGE });
  const kernel = riskIn(memory);
  const at = Math.ceil(kernel.heapBase() / LINE) * LINE;
  return {
    block: new Float64Array(memory.buffer, at, ROWS * COLUMNS),
    prices: (form: Form, rows: number): void => kernel.optionPrices(at, form, rows),
    digitals: (form: Form, rows: number): void => kernel.digitalPrices(at, form, rows),
    greeks: (form: Form, rows: number): void => kernel.optionGreeks(at, form, rows),
    vols: (form: Form, rows: number): void => kernel.impliedVols(at, form, rows),
  };
}
