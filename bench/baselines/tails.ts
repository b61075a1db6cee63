// Value at risk and expected shortfall of accounts as anyone would write them in JavaScript: over typed arrays, scenarios of a market
// one behind the other, four positions a pass; then the worst few by insertion, all of them sorted, or a package's call.
import type { Book, MeasureOptions, Scenarios } from '../../bindings/var.js';

/** Accounts as columns: what they hold of which rows of gains, and which tail is asked for. */
export interface TailInputs {
  /** Position at which each account starts; behind the last one their number. */
  starts: Uint32Array;
  rows: Uint32Array;
  sizes: Float64Array;
  /** What a contract of each market gains, scenario after scenario. */
  gains: Float64Array;
  scenarios: number;
  /** Losses of the tail, the last of them in part: `whole` of them, and a part `rest` of the next. */
  keep: number;
  whole: number;
  rest: number;
}

export interface Tails {
  var: Float64Array;
  es: Float64Array;
}

/** Of linear markets that pay in what does not move; the tail is one scenario in a hundred. */
export function tailInputs(book: Book, { names, moves, count }: Scenarios, accounts: number): TailInputs {
  const { unit, position, market } = book.store.columns;
  const starts = new Uint32Array(accounts + 1);
  for (let u = 0; u < accounts; u++) starts[u + 1] = starts[u]! + unit.positionCount[u]!;
  const rows = new Uint32Array(starts[accounts]!);
  const sizes = new Float64Array(starts[accounts]!);
  for (let u = 0, at = 0; u < accounts; u++) {
    for (let p = unit.positionStart[u]!, left = unit.positionCount[u]!; left > 0; left--, p++, at++) {
      rows[at] = position.key[p]! >>> 2;
      sizes[at] = position.size[p]!;
    }
  }
  const gains = new Float64Array(book.markets * count);
  for (let m = 0; m < book.markets; m++) {
    const move = moves[names.indexOf(book.marketId(m))]!;
    for (let s = 0; s < count; s++) gains[m * count + s] = market.mark[m]! * move[s]!;
  }
  return {
    starts,
    rows,
    sizes,
    gains,
    scenarios: count,
    keep: Math.ceil(count / 100),
    whole: Math.floor(count / 100),
    rest: (count % 100) / 100,
  };
}

/** Profits of an account by scenario, into `sums`: each in the order of its positions. */
function profits({ starts, rows, sizes, gains }: TailInputs, account: number, sums: Float64Array): void {
  const end = starts[account + 1]!;
  const n = sums.length;
  let p = starts[account]!;
  sums.fill(0);
  for (; p + 4 <= end; p += 4) {
    const g0 = rows[p]! * n;
    const g1 = rows[p + 1]! * n;
    const g2 = rows[p + 2]! * n;
    const g3 = rows[p + 3]! * n;
    const q0 = sizes[p]!;
    const q1 = sizes[p + 1]!;
    const q2 = sizes[p + 2]!;
    const q3 = sizes[p + 3]!;
    for (let s = 0; s < n; s++)
      sums[s] = sums[s]! + q0 * gains[g0 + s]! + q1 * gains[g1 + s]! + q2 * gains[g2 + s]! + q3 * gains[g3 + s]!;
  }
  for (; p < end; p++) {
    const row = rows[p]! * n;
    const size = sizes[p]!;
    for (let s = 0; s < n; s++) sums[s] = sums[s]! + size * gains[row + s]!;
  }
}

/** Mean of the worst losses, the gains of them rising. */
function meanOf(worst: Float64Array, { whole, rest }: TailInputs): number {
  let sum = 0;
  for (let i = 0; i < whole; i++) sum -= worst[i]!;
  return (rest > 0 ? sum - rest * worst[whole]! : sum) / (whole + rest);
}

const answers = (inputs: TailInputs): Tails => {
  const accounts = inputs.starts.length - 1;
  return { var: new Float64Array(accounts), es: new Float64Array(accounts) };
};

/** The worst few in a sorted list, into which what is worse than the mildest of them is inserted. */
export function typedTails(inputs: TailInputs): () => Tails {
  const { keep, scenarios } = inputs;
  const out = answers(inputs);
  const sums = new Float64Array(scenarios);
  const worst = new Float64Array(keep);
  return () => {
    for (let a = 0; a < out.var.length; a++) {
      profits(inputs, a, sums);
      worst.fill(Infinity);
      let mildest = Infinity;
      for (let s = 0; s < scenarios; s++) {
        const gain = sums[s]!;
        if (gain >= mildest) continue;
        let i = keep - 1;
        for (; i > 0 && worst[i - 1]! > gain; i--) worst[i] = worst[i - 1]!;
        worst[i] = gain;
        mildest = worst[keep - 1]!;
      }
      out.var[a] = 0 - mildest;
      out.es[a] = meanOf(worst, inputs);
    }
    return out;
  };
}

/** All profits of each account sorted. */
export function sortedTails(inputs: TailInputs): () => Tails {
  const { keep, scenarios } = inputs;
  const out = answers(inputs);
  const sums = new Float64Array(scenarios);
  return () => {
    for (let a = 0; a < out.var.length; a++) {
      profits(inputs, a, sums);
      sums.sort();
      out.var[a] = 0 - sums[keep - 1]!;
      out.es[a] = meanOf(sums, inputs);
    }
    return out;
  };
}

/** A package's call for the profits of one account. */
export interface TailPeer {
  name: string;
  /** What it means by both, in the kernel's words. */
  means: MeasureOptions;
  measure(profits: number[], confidence: number): { var: number; es: number };
}

export function peerTails(inputs: TailInputs, peer: TailPeer, confidence: number): () => Tails {
  const out = answers(inputs);
  const sums = new Float64Array(inputs.scenarios);
  return () => {
    for (let a = 0; a < out.var.length; a++) {
      profits(inputs, a, sums);
      const { var: risk, es } = peer.measure(Array.from(sums), confidence);
      out.var[a] = risk;
      out.es[a] = es;
    }
    return out;
  };
}
