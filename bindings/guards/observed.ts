// What a drawdown trigger has seen, as long as its window needs it: peaks of a value and a fund, and the mean of the value, from
// what blocks of observations come to.
import { type Exact, over } from '../liquidation/exact.js';
import { larger } from '../venues/integer.js';
import { BlockList, type Blocks } from './blocks.js';
import { duration } from './window.js';

/** An observation of a drawdown. */
export interface Observed {
  /** Units of time. */
  readonly at: number;
  /** What falls, minor units. */
  readonly value: bigint;
  /** The fund, minor units. */
  readonly fund: bigint;
}

export interface Peaks {
  value: bigint;
  fund: bigint;
}

const higher = (a: Peaks, b: Peaks): Peaks => ({ value: larger(a.value, b.value), fund: larger(a.fund, b.fund) });

/** Observations with the peaks of a block, and its values times the time until the next of them. */
export const OBSERVATIONS = new BlockList<Observed, Peaks & { area: bigint }>(
  ['value', 'fund'],
  (row) => ({ value: row.integer('value'), fund: row.integer('fund') }),
  (block) => {
    const peaks = block.reduce<Peaks>(higher, block[0] as Observed);
    return { ...peaks, area: block.reduce((sum, one, i) => sum + areaOf(one, block[i + 1]?.at ?? one.at), 0n) };
  },
);

const areaOf = ({ at, value }: Observed, until: number): bigint => value * BigInt(until - at);

/** The largest value and the largest fund. @param seen - not empty */
export const peaksOf = (seen: Blocks<Observed>): Peaks =>
  seen.map((block): Peaks => OBSERVATIONS.sum(block)).reduce(higher);

/** As `meanOver`, from what the blocks come to. */
export function meanOf(seen: Blocks<Observed>, from: number, now: number): Exact {
  const [first, last] = [seen[0]?.[0] as Observed, seen.at(-1)?.at(-1) as Observed];
  const begin = first.at < from ? from : first.at;
  if (begin === now) return { numerator: last.value, denominator: 1n };
  const area = seen.reduce(
    (sum, block, i) =>
      sum + OBSERVATIONS.sum(block).area + areaOf(block.at(-1) as Observed, seen[i + 1]?.[0]?.at ?? now),
    0n,
  );
  return over({ numerator: area - areaOf(first, begin), denominator: 1n }, duration(now - begin));
}

/**
 * Without what can not be a peak any more, in the last block: a later observation is as high in both. The first after one that
 * can stays, as it says how long that one held.
 */
export function withoutLower(blocks: Blocks<Observed>, next: Observed): Blocks<Observed> {
  const last = blocks.at(-1);
  if (!last) return blocks;
  const lower = (one: Observed): boolean => one.value <= next.value && one.fund <= next.fund;
  const kept = last.filter((one, i) => i === 0 || !lower(one) || !lower(last[i - 1] as Observed));
  return [...blocks.slice(0, -1), OBSERVATIONS.block(kept)];
}
