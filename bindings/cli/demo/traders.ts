// The people of a demo venue: who they are, how much they have, what they trade and with how much leverage. Account n is the
// same one in a venue of a thousand and of a million.
import type { AccountJSON, OrderJSON } from '../../book/types.js';
import { Desk, type Side, Unit } from './desk.js';
import { makers, makersFor } from './makers.js';
import { cumulate, Random } from './random.js';
import { demand, round, type Seat, stepsFor, type Venue } from './venue.js';

type Kind = 'linear' | 'inverse' | 'quanto' | 'prediction';
type Profile = 'cross' | 'hedged' | 'isolated' | 'mixed' | 'coin' | 'borrower' | 'quanto' | 'event' | 'spot' | 'idle';

/** Shares of the profiles; those that the venue has no market for give theirs to `cross`. */
const PROFILES: readonly (readonly [Profile, number, Kind | 'spot' | null])[] = [
  ['cross', 0.56, null],
  ['hedged', 0.05, null],
  ['isolated', 0.1, null],
  ['mixed', 0.1, null],
  ['coin', 0.07, 'inverse'],
  ['borrower', 0.04, null],
  ['event', 0.03, 'prediction'],
  ['quanto', 0.01, 'quanto'],
  ['spot', 0.03, 'spot'],
  ['idle', 0.01, null],
];

/** Leverage that traders run, as shares of them: most run little, few run a lot. */
const LEVERAGE: readonly (readonly [share: number, from: number, to: number])[] = [
  [0.62, 0.2, 2.5],
  [0.26, 2.5, 6],
  [0.09, 6, 15],
  [0.03, 15, 50],
];
const LEAST_EQUITY = 250;
const MOST_EQUITY = 30_000_000;
const LONG_BIAS = 0.56;

class Crowd {
  readonly #venue: Venue;
  readonly #random: Random;
  readonly #desk: Desk;
  readonly #profiles: Float64Array;
  readonly #leverage: Float64Array = cumulate(LEVERAGE.map(([share]) => share));
  readonly #groups = new Map<Kind, { seats: number[]; weights: Float64Array }>();

  constructor(venue: Venue, desk: Desk) {
    this.#venue = venue;
    this.#desk = desk;
    this.#random = desk.random;
    venue.seats.forEach((seat, i) => {
      const kind = seat.market.kind as Kind;
      const group = this.#groups.get(kind) ?? { seats: [], weights: new Float64Array() };
      group.seats.push(i);
      this.#groups.set(kind, group);
    });
    for (const group of this.#groups.values()) {
      group.weights = cumulate(group.seats.map((i) => (venue.seats[i] as Seat).popularity));
    }
    const can = (needs: Kind | 'spot' | null): boolean =>
      needs === null || (needs === 'spot' ? venue.spots.length > 0 : this.#groups.has(needs));
    const shares = PROFILES.map(([, share, needs]) => (can(needs) ? share : 0));
    this.#profiles = cumulate(shares);
  }

  account(id: string): AccountJSON {
    const profile = PROFILES[this.#random.pick(this.#profiles)]?.[0] as Profile;
    const equity = this.#random.heavy(LEAST_EQUITY, MOST_EQUITY);
    const unit = new Unit(this.#desk);
    if (profile === 'isolated') return this.#isolated(id, equity, unit);
    if (profile === 'spot') return this.#spot(id, equity, unit);
    this.#fill(unit, profile, equity);
    unit.meetCall(this.#cushion());
    return { id, ...unit.json() };
  }

  /** How far above its requirement a unit was left by the last margin call. */
  #cushion(): number {
    return 1.1 + this.#random.heavy(0.6, 12);
  }

  #fill(unit: Unit, profile: Profile, equity: number): void {
    const random = this.#random;
    if (profile === 'idle') {
      unit.deposit('USDT', equity);
      return;
    }
    if (profile === 'coin') {
      const seat = this.#seat('inverse');
      unit.deposit((this.#venue.seats[seat] as Seat).market.settle, equity);
      unit.open(seat, this.#notional(seat, equity), this.#side());
    } else if (profile === 'quanto' || profile === 'event') {
      const seat = this.#seat(profile === 'event' ? 'prediction' : 'quanto');
      unit.deposit((this.#venue.seats[seat] as Seat).market.settle, equity);
      unit.open(seat, Math.min(equity * 2, this.#notional(seat, equity)), this.#side());
    } else if (profile === 'hedged') {
      const seat = this.#seat('linear');
      const notional = this.#notional(seat, equity);
      unit.deposit((this.#venue.seats[seat] as Seat).market.settle, equity);
      unit.open(seat, notional, { long: true, side: 'long' });
      unit.open(seat, notional * random.uniform(0.1, 0.9), { long: false, side: 'short' });
    } else {
      this.#collateral(unit, profile, equity);
      const count = profile === 'borrower' ? random.below(2) : 1 + Math.min(7, Math.floor(random.heavy(1, 8) - 0.5));
      for (let i = 0; i < count; i++) {
        const seat = this.#seat('linear');
        unit.open(seat, this.#notional(seat, equity) / count, this.#side());
      }
    }
    if (random.chance(0.3)) unit.quote(1 + random.below(4), equity * random.uniform(0.05, 0.6));
  }

  #collateral(unit: Unit, profile: Profile, equity: number): void {
    const random = this.#random;
    const coins = ['BTC', 'ETH', 'SOL'].filter((coin) => this.#venue.prices.has(coin));
    const coin = coins[random.below(coins.length)];
    if (profile === 'borrower' && coin) {
      // A loan against a coin: the value of the coin less the debt is the equity.
      const debt = equity * random.uniform(0.4, 4);
      unit.deposit(coin, equity + debt);
      unit.deposit('USDT', -debt);
    } else if (profile === 'mixed' && coin) {
      const share = random.uniform(0.2, 0.9);
      unit.deposit(coin, equity * share);
      unit.deposit(random.chance(0.7) ? 'USDT' : 'USDC', equity * (1 - share));
    } else {
      unit.deposit(random.chance(0.85) ? 'USDT' : 'USDC', equity);
    }
  }

  #isolated(id: string, equity: number, cross: Unit): AccountJSON {
    const random = this.#random;
    const buckets = Array.from({ length: 1 + random.below(3) }, (_, i) => {
      const bucket = new Unit(this.#desk);
      const seat = this.#seat('linear');
      const margin = equity * random.uniform(0.1, 0.3);
      const notional = this.#notional(seat, margin);
      // The leverage that is set is more than what is used: a loss should not be a warning at once.
      const leverage = Math.min(50, Math.ceil((1.8 * notional) / margin));
      bucket.deposit((this.#venue.seats[seat] as Seat).market.settle, margin);
      bucket.open(seat, notional, this.#side(), leverage);
      bucket.meetCall(this.#cushion());
      return { bucket: i + 1, ...bucket.json() };
    });
    cross.deposit('USDT', equity / 2);
    return { id, ...cross.json(), buckets };
  }

  #spot(id: string, equity: number, unit: Unit): AccountJSON {
    const random = this.#random;
    const market = this.#venue.spots[random.below(this.#venue.spots.length)];
    const [base = '', quote = ''] = [market?.base, market?.quote];
    const share = random.uniform(0.2, 0.8);
    unit.deposit(base, equity * share);
    unit.deposit(quote, equity * (1 - share));
    const mark = Number(market?.mark);
    const orders = Array.from({ length: 1 + random.below(3) }, (): OrderJSON => {
      const buy = random.chance(0.5);
      const price = round(mark * (buy ? random.uniform(0.93, 0.999) : random.uniform(1.001, 1.07)), stepsFor(mark, 6));
      const size = Math.max(1, Math.round(((equity * 0.15) / price) * 10000)) / 10000;
      return { market: market?.id as string, side: buy ? 'buy' : 'sell', size, price };
    });
    return { id, ...unit.json(), orders };
  }

  #seat(kind: Kind): number {
    const group = this.#groups.get(kind) ?? this.#groups.get('linear');
    return group?.seats[this.#random.pick(group.weights)] as number;
  }

  #side(): Side {
    return { long: this.#random.chance(LONG_BIAS) };
  }

  /** Notional that an equity carries: its leverage, less what the table of the market does not allow. */
  #notional(index: number, equity: number): number {
    const [, from, to] = LEVERAGE[this.#random.pick(this.#leverage)] as (typeof LEVERAGE)[number];
    const wanted = equity * this.#random.uniform(from, to);
    const { market } = this.#venue.seats[index] as Seat;
    const price = this.#desk.price(market.settle, this.#desk.yesterday);
    let notional = wanted;
    // A smaller notional may use a better step of the table: a few rounds settle it.
    for (let i = 0; i < 4; i++) {
      const allowed = equity * demand(market.brackets ?? [], notional / price).leverage * 0.95;
      if (notional <= allowed) break;
      notional = Math.max(allowed, notional / 4);
    }
    return notional;
  }
}

/** The accounts of a venue, one at a time: first the traders, at the end the makers who hold the other side. */
export function* accountsOf(venue: Venue, count: number, seed: number): Generator<AccountJSON> {
  const desk = new Desk(venue, new Random(seed));
  const crowd = new Crowd(venue, desk);
  const last = count - makersFor(count);
  for (let i = 1; i <= last; i++) {
    const account = crowd.account(`t${String(i).padStart(7, '0')}`);
    yield venue.orders ? account : withoutOrders(account);
  }
  yield* makers(desk, count - last);
}

function withoutOrders({ orders, buckets, ...account }: AccountJSON): AccountJSON {
  return buckets ? { ...account, buckets: buckets.map(({ orders, ...bucket }) => bucket) } : account;
}
