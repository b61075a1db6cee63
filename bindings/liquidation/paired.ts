// Closing a basis trade: legs that hedge each other are closed together in the same share, and what lots make of it is
// said.
import { Fields, FRACTION, POSITIVE, SIZE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { type Exact, exact, minus, over, plus, rounded, times, toStep, ZERO } from './exact.js';
import { listOf } from './list.js';
import { notZero } from './side.js';

/** A leg of a hedge. */
export interface PairedLeg {
  /** Its name, unique among the legs. */
  id: string;
  /** Signed contracts, not 0. */
  size: Decimal;
  /** Of the whole leg, units of the underlying, signed; default the size. */
  delta?: Decimal;
  /** Step of sizes, contracts; default: none. */
  lot?: Decimal;
}

/** One of the steps in which a hedge is closed. */
export interface PairedStep {
  /**
   * Signed contracts of each leg that this step closes, in the direction of the position and the order of the input.
   */
  close: { id: string; size: number }[];
  /** Net delta of what is open after it. */
  deltaAfter: number;
}

interface Read {
  id: string;
  size: number;
  delta: number;
  lot: number;
}

function read(legs: readonly PairedLeg[]): Read[] {
  if (!Array.isArray(legs) || legs.length < 2) {
    throw new MarginError('type', { path: 'legs', got: legs, expected: 'a list of at least two legs' });
  }
  const seen = new Set<string>();
  return legs.map((leg, i) => {
    const fields = new Fields(leg, `legs[${i}]`, ['id', 'size', 'delta', 'lot']);
    const id = fields.string('id');
    if (seen.has(id)) throw new MarginError('duplicate', { path: fields.at('id'), got: id, expected: 'each id once' });
    seen.add(id);
    const size = notZero(fields.number('size', SIZE), fields.at('size'));
    const lot = fields.has('lot') ? fields.number('lot', POSITIVE) : 0;
    return { id, size, delta: fields.number('delta', {}, size), lot };
  });
}

/** Net delta with some contracts of each leg closed, in the order of the legs. */
function netDelta(legs: readonly Read[], closed: readonly number[]): number {
  const sum = legs.reduce((total, { size, delta }, i) => {
    const open = minus(exact(size), exact(closed[i] ?? 0));
    return plus(total, over(times(exact(delta), open), exact(size)));
  }, ZERO);
  return rounded(sum);
}

/**
 * Net delta after some contracts of each leg are closed.
 * @param legs - legs of the hedge
 * @param close - signed contracts closed, by leg; a leg that is not named stays as it is
 * @returns units of the underlying, signed
 * @throws MarginError unknown-id, range, duplicate, missing-key, type, not-finite, unknown-key
 * @example
 * deltaAfter([{ id: 'spot', size: 2 }, { id: 'perp', size: -2 }], [{ id: 'spot', size: 0.5 }]) // -0.5
 */
export function deltaAfter(legs: readonly PairedLeg[], close: readonly { id: string; size: Decimal }[]): number {
  const open = read(legs);
  const closed = open.map(() => 0);
  listOf(close, 'close').forEach((entry, i) => {
    const fields = new Fields(entry, `close[${i}]`, ['id', 'size']);
    const at = open.findIndex(({ id }) => id === fields.string('id'));
    const leg = open[at];
    if (!leg) throw new MarginError('unknown-id', { path: fields.at('id'), got: fields.raw('id') });
    const range = leg.size > 0 ? { min: 0, max: leg.size } : { min: leg.size, max: 0 };
    closed[at] = fields.number('size', range);
  });
  return netDelta(open, closed);
}

/**
 * Closes the same share of every leg of a hedge, in steps. The leg whose lot is worth most delta goes first: it closes
 * the whole lots below its share, and the others follow what it did, to their nearest lot.
 * @param legs - at least two legs
 * @param ratio - share to close, (0, 1]; 1 closes all of it, odd lots too
 * @param slices - number of steps; default 1
 * @returns steps, and the net delta of what stays open
 * @throws MarginError range, duplicate, missing-key, type, not-finite, unknown-key
 * @example
 * pairedClose([{ id: 'spot', size: 1.05, lot: 0.001 }, { id: 'perp', size: -105, delta: -1.05, lot: 1 }], 0.5)
 *   // { steps: [{ close: [{ id: 'spot', size: 0.52 }, { id: 'perp', size: -52 }], deltaAfter: 0 }], residualDelta: 0 }
 */
export function pairedClose(
  legs: readonly PairedLeg[],
  ratio: Decimal,
  slices: Decimal = 1,
): { steps: PairedStep[]; residualDelta: number } {
  const open = read(legs);
  const options = new Fields({ ratio, slices }, '', ['ratio', 'slices']);
  const share = options.number('ratio', { ...FRACTION, above: 0 });
  const count = options.integer('slices', 1, 100_000, 1);
  const lotDelta = ({ size, delta, lot }: Read): number => Math.abs((delta / size) * lot);
  const leader = open.reduce((coarse, leg) => (lotDelta(leg) > lotDelta(coarse) ? leg : coarse));
  let before = open.map(() => 0);
  const steps = Array.from({ length: count }, (_, step): PairedStep => {
    const part = over(times(exact(share), exact(step + 1)), exact(count));
    const closed = part.numerator === part.denominator ? open.map(({ size }) => size) : closedAt(open, leader, part);
    const close = open.map(({ id }, i) => ({
      id,
      size: rounded(minus(exact(closed[i] ?? 0), exact(before[i] ?? 0))),
    }));
    before = closed;
    return { close, deltaAfter: netDelta(open, closed) };
  });
  return { steps, residualDelta: steps.at(-1)?.deltaAfter ?? 0 };
}

/** Signed contracts of each leg that are closed when a share of the whole is. */
function closedAt(legs: readonly Read[], leader: Read, share: Exact): number[] {
  const contracts = ({ size, lot }: Read, part: Exact, direction: 'floor' | 'nearest'): number => {
    const wanted = times(exact(Math.abs(size)), part);
    return lot ? Math.min(Math.abs(size), toStep(wanted, lot, direction)) : rounded(wanted);
  };
  const led = contracts(leader, share, 'floor');
  const ledShare = over(exact(led), exact(Math.abs(leader.size)));
  return legs.map((leg) => {
    const size = leg === leader ? led : contracts(leg, ledShare, 'nearest');
    return leg.size < 0 ? -size + 0 : size;
  });
}
