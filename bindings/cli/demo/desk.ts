// One margin unit of a demo trader while it is being filled: positions entered on earlier days, orders near the mark, and the
// collateral behind them. The valuations here are the traders' rough ones; what counts is what the kernel says later.
import type { HoldingsJSON, OrderJSON, PositionJSON } from '../../book/types.js';
import type { Random } from './random.js';
import { at, contractValue, demand, gain, round, type Seat, stepsFor, type Venue } from './venue.js';

/** Decimals of a balance: cents of a stablecoin, a millionth of a coin. */
const CENTS = 100;
const MILLIONTHS = 1_000_000;

export interface Side {
  long: boolean;
  side?: 'long' | 'short';
}

/** What the traders of one venue share: where the days are, and the lots they are long of in each market. */
export class Desk {
  readonly venue: Venue;
  readonly random: Random;
  /** Signed lots by seat over all traders; the makers take the other side. */
  readonly net: Float64Array;
  /** Last day before today; today itself where the history has one day only. */
  readonly yesterday: number;
  readonly #weights: Map<string, number>;

  constructor(venue: Venue, random: Random) {
    this.venue = venue;
    this.random = random;
    this.net = new Float64Array(venue.seats.length);
    this.yesterday = Math.max(0, (venue.seats[0]?.path.length ?? 1) - 2);
    this.#weights = new Map(
      venue.assets.map((asset) => {
        const weight = asset.tiers?.[0]?.weight ?? asset.assetWeight ?? 1;
        return [asset.id, Number(typeof weight === 'object' ? (weight.maintenance ?? weight.initial) : weight)];
      }),
    );
  }

  /** Price of an asset on a day; 1 where the venue has none, which is the numeraire. */
  price(asset: string, day: number): number {
    const path = this.venue.prices.get(asset);
    return path ? at(path, day) : 1;
  }

  weight(asset: string): number {
    return this.#weights.get(asset) ?? 1;
  }
}

export class Unit {
  readonly balances: Record<string, number> = {};
  readonly positions: PositionJSON[] = [];
  readonly orders: OrderJSON[] = [];
  readonly #desk: Desk;
  readonly #seats: Seat[] = [];

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get empty(): boolean {
    return this.positions.length === 0;
  }

  deposit(asset: string, value: number): void {
    const price = this.#desk.price(asset, this.#desk.yesterday);
    const steps = price > 10 ? MILLIONTHS : CENTS;
    this.balances[asset] = round((this.balances[asset] ?? 0) + value / price, steps);
  }

  /** Opens a position of about this notional (numeraire) on one of the days before; none where the unit is in that market. */
  open(index: number, notional: number, { long, side }: Side, leverage?: number): void {
    const { venue, random, net, yesterday } = this.#desk;
    const seat = venue.seats[index] as Seat;
    if (this.positions.some((p) => p.market === seat.market.id && (side === undefined || p.side === side))) return;
    let day = random.below(yesterday + 1);
    while (!((seat.path[day] as number) > 0)) day += 1;
    const entry = seat.path[day] as number;
    const one = contractValue(seat.market, entry, !long) * this.#desk.price(seat.market.settle, day);
    const lots = Math.max(1, Math.round((notional / one) * seat.lots)) * (long ? 1 : -1);
    net[index] = (net[index] as number) + lots;
    const position: PositionJSON = { market: seat.market.id, size: lots / seat.lots, entry };
    if (side !== undefined) position.side = side;
    if (seat.funding) position.fundingIndex = seat.funding[day] as number;
    if (leverage !== undefined) position.leverage = leverage;
    this.positions.push(position);
    this.#seats.push(seat);
  }

  /** Places up to `count` orders of about this notional around the mark, in the markets of the unit. */
  quote(count: number, notional: number): void {
    const { random } = this.#desk;
    for (let i = 0; i < count; i++) {
      const seat = this.#seats[random.below(this.#seats.length)];
      if (!seat) return;
      const { market, ticks, lots } = seat;
      const own = this.positions.find((p) => p.market === market.id) as PositionJSON;
      const buy = random.chance(0.5);
      const away = random.uniform(0.004, 0.06);
      const steps = market.tick ? ticks : stepsFor(Number(market.mark), 6);
      const price = Math.max(1, Math.round(Number(market.mark) * (buy ? 1 - away : 1 + away) * steps)) / steps;
      if (market.kind === 'prediction' && price >= 1) continue;
      const one = contractValue(market, price, !buy) * this.#desk.price(market.settle, this.#desk.yesterday);
      const size = Math.max(1, Math.round((notional / one) * lots)) / lots;
      const order: OrderJSON = { market: market.id, side: buy ? 'buy' : 'sell', size, price };
      if (own.side !== undefined) order.positionSide = own.side;
      this.orders.push(order);
    }
  }

  /**
   * What a margin call of the day before would have brought: collateral up to `factor` times the maintenance requirement,
   * both at that day's prices. So the liquidations of the demo are those of its last day.
   */
  meetCall(factor: number): void {
    const desk = this.#desk;
    let have = 0;
    let need = 0;
    for (const [asset, amount] of Object.entries(this.balances)) {
      const value = amount * desk.price(asset, desk.yesterday);
      have += value > 0 ? value * desk.weight(asset) : value;
      if (value < 0) need -= value * 0.06;
    }
    this.positions.forEach((position, i) => {
      const { market, path, funding } = this.#seats[i] as Seat;
      const mark = at(path, desk.yesterday);
      const price = desk.price(market.settle, desk.yesterday);
      const size = Number(position.size);
      const notional = Math.abs(size) * contractValue(market, mark, size < 0);
      const paid = funding ? size * ((funding[desk.yesterday] as number) - Number(position.fundingIndex)) : 0;
      have += (gain(market, size, Number(position.entry), mark) - paid) * price;
      need += demand(market.brackets ?? [], notional).maintenance * price;
    });
    const missing = need * factor - have;
    if (missing <= 0) return;
    const asset = this.#seats[0]?.market.settle ?? Object.keys(this.balances)[0] ?? 'USDT';
    this.deposit(asset, missing / desk.weight(asset) + 0.01);
  }

  json(): HoldingsJSON {
    const holdings: HoldingsJSON = { balances: this.balances };
    if (this.positions.length > 0) holdings.positions = this.positions;
    if (this.orders.length > 0) holdings.orders = this.orders;
    return holdings;
  }
}
