// How long events took, in constant memory, however many they are: counts in bins whose width is 1/128 of where they begin, so
// that a percentile is right to 0.8 %. The worst is kept as it was.

/** Bins for each doubling. */
const STEPS = 128;
/** The first bin begins here, in milliseconds: a nanosecond, and the clock tells no less. */
const LEAST = 1e-6;
/** Doublings from there on: up to an hour. */
const DOUBLINGS = 42;

/** Microseconds. */
export interface Percentiles {
  median: number;
  p90: number;
  p99: number;
  p999: number;
  worst: number;
}

/** Events between two times, in microseconds. */
export interface TimeBin {
  from: number;
  to: number;
  events: number;
}

/** Powers of two, one for each doubling and one behind them. */
const POWERS: readonly number[] = doubled(DOUBLINGS);

function doubled(times: number): number[] {
  const powers = [1];
  for (let i = 0; i < times; i++) powers.push(2 * (powers[i] as number));
  return powers;
}

/** Lower end of a bin, in microseconds. */
const fromOf = (bin: number): number =>
  1000 * LEAST * (POWERS[Math.floor(bin / STEPS)] as number) * (1 + (bin % STEPS) / STEPS);

function binOf(milliseconds: number): number {
  const times = Math.max(1, milliseconds / LEAST);
  let doublings = 0;
  while (doublings < DOUBLINGS - 1 && (POWERS[doublings + 1] as number) <= times) doublings++;
  const within = Math.floor((times / (POWERS[doublings] as number) - 1) * STEPS);
  return Math.min(doublings * STEPS + within, DOUBLINGS * STEPS - 1);
}

export class Durations {
  readonly #bins = new Float64Array(DOUBLINGS * STEPS);
  #events = 0;
  #sum = 0;
  #worst = 0;

  /** Takes in how long an event took, in milliseconds. */
  add(milliseconds: number): void {
    const bin = binOf(milliseconds);
    this.#bins[bin] = (this.#bins[bin] as number) + 1;
    this.#events++;
    this.#sum += milliseconds;
    if (milliseconds > this.#worst) this.#worst = milliseconds;
  }

  get events(): number {
    return this.#events;
  }

  /** Sum of all of them. */
  get seconds(): number {
    return this.#sum / 1000;
  }

  /** null: nothing has been measured. */
  get percentiles(): Percentiles | null {
    if (this.#events === 0) return null;
    const worst = 1000 * this.#worst;
    const at = (share: number): number => Math.min(worst, this.#at(share));
    return { median: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), worst };
  }

  /** Bins that have events, joined to `parts` for each doubling, rising. */
  histogram(parts: number): TimeBin[] {
    const wide = STEPS / parts;
    const bins: TimeBin[] = [];
    for (let first = 0; first < this.#bins.length; first += wide) {
      const events = this.#bins.subarray(first, first + wide).reduce((sum, each) => sum + each, 0);
      if (events > 0) bins.push({ from: fromOf(first), to: fromOf(first + wide), events });
    }
    return bins;
  }

  /** Upper end of the bin below which a share of all events lies. */
  #at(share: number): number {
    let left = Math.ceil(share * this.#events);
    for (let bin = 0; bin < this.#bins.length; bin++) {
      left -= this.#bins[bin] as number;
      if (left <= 0) return fromOf(bin + 1);
    }
    return fromOf(this.#bins.length);
  }
}
