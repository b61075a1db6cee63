// Closes of one position, one after another: what each leaves in the bucket, and what the insurance has to pay at the
// end.
import { AT_LEAST_0, Fields } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { compare, exact, magnitude, minus, plus, rounded, times, ZERO } from './exact.js';
import { type ExactAccount, type OnePositionAccount, ratioOf, readAccount, valueAt } from './health.js';
import { listOf } from './list.js';

/** One close. */
export interface CloseStep {
  /** Quote, >= 0. */
  mark: Decimal;
  /** Contracts, at most what is open. */
  close: Decimal;
  /** Price that it gets; default the mark. */
  price?: Decimal;
  /** Fees of it, settle units; default 0. */
  fee?: Decimal;
}

/** What a close leaves. */
export interface ClosedStep {
  /** Settle units: equity without unrealised profit, after the close. */
  bucket: number;
  /** Contracts open after it, signed. */
  size: number;
  /** Equity over requirement; null without a requirement. */
  healthBefore: number | null;
  /** Equity over requirement after the close; null without a requirement. */
  healthAfter: number | null;
}

/**
 * Closes a position step by step and keeps the account of its bucket.
 * @param account - bucket and position before the first step
 * @param steps - marks and closes in order
 * @returns the bucket after each step; insuranceUsed: what it is below 0 at the end, settle units
 * @throws MarginError range where more is closed than is open, type, not-finite, unknown-key
 * @see mtf-exchange/metaflux-knowledges docs/concepts/tiered-liquidation.md (worked example)
 * @example
 * closeSequence({ equity: 20, size: 1, entry: 100, maintenanceRate: 0.05, basis: 'entry' }, [{ mark: 84, close: 0.5 }])
 *   // { steps: [{ bucket: 12, size: 0.5, healthBefore: 0.8, healthAfter: 1.6 }], insuranceUsed: 0 }
 */
export function closeSequence(
  account: OnePositionAccount,
  steps: readonly CloseStep[],
): { steps: ClosedStep[]; insuranceUsed: number } {
  let open = readAccount(account);
  const closed = listOf(steps, 'steps').map((step, i) => {
    const before = open;
    const fields = new Fields(step, `steps[${i}]`, ['mark', 'close', 'price', 'fee']);
    const mark = exact(fields.number('mark', AT_LEAST_0));
    open = closedAt(open, fields, mark);
    return {
      bucket: rounded(open.equity),
      size: rounded(open.size),
      healthBefore: healthOf(before, mark),
      healthAfter: healthOf(open, mark),
    };
  });
  return { steps: closed, insuranceUsed: Math.max(0, -rounded(open.equity)) };
}

function closedAt(open: ExactAccount, fields: Fields, mark: ExactAccount['entry']): ExactAccount {
  const close = exact(fields.number('close', AT_LEAST_0));
  if (compare(close, magnitude(open.size)) > 0) {
    const expected = `at most ${Math.abs(rounded(open.size))}, which is open`;
    throw new MarginError('range', { path: fields.at('close'), got: fields.raw('close'), expected });
  }
  const price = fields.has('price') ? exact(fields.number('price', AT_LEAST_0)) : mark;
  const signed = open.size.numerator < 0n ? minus(ZERO, close) : close;
  const made = minus(times(signed, minus(price, open.entry)), exact(fields.number('fee', AT_LEAST_0, 0)));
  return { ...open, equity: plus(open.equity, made), size: minus(open.size, signed) };
}

function healthOf(account: ExactAccount, mark: ExactAccount['entry']): number | null {
  const { equity, maintenance } = valueAt(account, mark);
  return ratioOf(equity, maintenance);
}
