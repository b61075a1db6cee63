// What answers questions about a block of options: the kernel (kernel.ts) or plain TypeScript (reference/options/engine.ts).

/** Index of a form in `FORM`. */
export type Form = 0 | 1;

export interface OptionEngine {
  /** COLUMNS columns of ROWS doubles; see layout.ts. */
  readonly block: Float64Array;
  prices(form: Form, rows: number): void;
  digitals(form: Form, rows: number): void;
  greeks(form: Form, rows: number): void;
  vols(form: Form, rows: number): void;
}
