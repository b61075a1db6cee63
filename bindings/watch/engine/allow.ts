// What guards allow, as bits: the actions of margin-kernel/guards in their order, the first in bit 0. And what is allowed now at the
// prices of a book.
import { Fields } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { ACTIONS, type Action, type Allowed } from '../../guards/actions.js';
import type { Allow } from './event.js';

/** Everything is allowed. */
export const ALL_ACTIONS: number = (1 << ACTIONS.length) - 1;

const bit = (action: Action): number => 1 << ACTIONS.indexOf(action);
export const LIQUIDATE: number = /* @__PURE__ */ bit('liquidate');

/** @throws MarginError type, range, unknown-key */
export function actionBits(allow: unknown, path: string): number {
  if (allow === undefined || allow === null) return ALL_ACTIONS;
  if (typeof allow === 'number') {
    if (Number.isInteger(allow) && allow >= 0 && allow <= ALL_ACTIONS) return allow;
    throw new MarginError('range', { path, got: allow, expected: `bits of actions, from 0 to ${ALL_ACTIONS}` });
  }
  const f = new Fields(allow, path, ACTIONS);
  return ACTIONS.reduce((bits, action) => (f.boolean(action, true) ? bits | bit(action) : bits), 0);
}

/**
 * Actions by their bits, as guards name them.
 * @throws MarginError type, unknown-key, range
 * @example
 * allowedActions(0b111_1111_1011).liquidate // false
 */
export function allowedActions(allow: Allow): Allowed {
  const bits = actionBits(allow, 'allow');
  return Object.fromEntries(ACTIONS.map((action) => [action, (bits & bit(action)) !== 0])) as Record<Action, boolean>;
}

/** Bits by row; a row that was never named allows everything. */
export class Allowances {
  readonly #bits = new Map<number, number>();

  get(row: number): number {
    return this.#bits.get(row) ?? ALL_ACTIONS;
  }

  /** Whether it is another answer than before. */
  set(row: number, bits: number): boolean {
    if (this.get(row) === bits) return false;
    if (bits === ALL_ACTIONS) this.#bits.delete(row);
    else this.#bits.set(row, bits);
    return true;
  }

  /** Whether liquidation is forbidden at some of these prices. */
  get forbidding(): boolean {
    for (const bits of this.#bits.values()) if ((bits & LIQUIDATE) === 0) return true;
    return false;
  }

  forbids(row: number): boolean {
    return (this.get(row) & LIQUIDATE) === 0;
  }

  /** Rows that do not allow everything, rising, with their bits. */
  entries(): [row: number, bits: number][] {
    return [...this.#bits].sort(([a], [b]) => a - b);
  }
}
