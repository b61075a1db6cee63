// Prices that move together along a ray: which assets and markets of a unit they are, and setting them to a point of it, as
// setMark and setPrice would: guard and index prices that equal the price follow it, others stay. Of a unit that a model margins the
// spots of what it holds move too, its options follow their values, and indices that equal a spot follow that.
import { FOLLOW, KIND, NONE } from '../../layout.js';
import type { Columns, Store } from '../../memory.js';
import { assetValue } from '../asset-value.js';
import { marketValues } from '../value.js';

/** Bits of a price are close to its logarithm: rays reach 20 octaves from where prices stand. */
export const REACH = 1048576;
/** Distance kept from the open ends of the interval, where a price is 0 (a prediction's 1). */
export const MARGIN = 1 / REACH;

/** Something that moves or is valued anew: its section, row, move for a move of 1 of the lead, and prices as they stood. */
interface Moved {
  section: 'asset' | 'market';
  row: number;
  shift: number;
  stood: number;
  /** Columns of its prices, of those the ones that hold the price, and all of them as they stood. */
  columns: Float64Array[];
  same: Float64Array[];
  prices: number[];
  /** FOLLOW codes. */
  follow: number;
  /** Funding index as it stood, and its growth for a move of 1 of the lead. */
  funding: number;
  drift: number;
}

/** A ray of prices for one unit. */
export class PriceRay {
  readonly rows: Moved[] = [];
  /** Price that leads; a ray of several prices is led by a factor that stands at 1, that of an option by the spot. */
  readonly lead: number;
  /** The last points of the ray. */
  low: number;
  high: number;
  readonly #store: Store;
  readonly #columns: Columns;
  /** Market whose mark leads, or NONE. */
  readonly #leadMarket: number;
  /** Underlying that moves, and the beta of what leads; NONE where the `shift` columns say what moves. */
  readonly #underlying: number;
  readonly #beta: number;
  /** Scenario model of the unit, or NONE. */
  readonly #model: number;

  /** @param market - whose mark leads, or of an option the spot of its base asset; NONE where the `shift` columns say what moves */
  constructor(store: Store, unit: number, market: number) {
    this.#store = store;
    this.#columns = store.columns;
    const { market: m, asset, expiry } = this.#columns;
    this.#model = this.#columns.unit.model[unit]! - 1;
    if (this.#model < 0) this.#model = NONE;
    const spot = market !== NONE && m.kind[market]! >= KIND.call ? expiry.asset[m.expiry[market]!]! : NONE;
    this.#leadMarket = spot === NONE ? market : NONE;
    this.#underlying = spot !== NONE ? asset.underlying[spot]! : market === NONE ? NONE : m.underlying[market]!;
    this.lead = spot !== NONE ? asset.price[spot]! : market === NONE ? 1 : m.mark[market]!;
    // From a spot of 0 there is no way to go.
    this.#beta = spot !== NONE || market === NONE ? (this.lead === 0 ? 0 : 1) : m.beta[market]!;
    this.low = this.lead * MARGIN;
    this.high = this.lead * REACH;
    this.#gather(unit);
    for (const moved of this.rows) this.#bound(moved);
  }

  assetShift(a: number): number {
    const { asset } = this.#columns;
    if (this.#underlying === NONE) return asset.shift[a]!;
    return this.#beta !== 0 && asset.underlying[a] === this.#underlying ? 1 / this.#beta : 0;
  }

  marketShift(m: number): number {
    const { market } = this.#columns;
    if (market.kind[m]! >= KIND.call) return 0;
    if (this.#underlying === NONE) return market.shift[m]!;
    if (m === this.#leadMarket) return 1;
    // A market of beta 0 moves alone.
    if (this.#beta === 0 || market.underlying[m] !== this.#underlying) return 0;
    return market.beta[m]! / this.#beta;
  }

  #has(section: Moved['section'], row: number): boolean {
    return this.rows.some((moved) => moved.section === section && moved.row === row);
  }

  #add(section: Moved['section'], row: number, shift: number): void {
    const { asset, market } = this.#columns;
    const columns =
      section === 'asset'
        ? [asset.price, asset.twap, asset.stable]
        : [market.mark, market.index, market.twap, market.stable];
    const prices = columns.map((column) => column[row]!);
    const stood = prices[0]!;
    const same = columns.filter((column) => column[row] === stood);
    const follow = section === 'market' ? this.#follow(row) : FOLLOW.ray;
    const funding = section === 'market' ? market.fundingIndex[row]! : 0;
    const drift = section === 'market' ? this.#drift(row) : 0;
    this.rows.push({ section, row, shift, stood, columns, same, prices, follow, funding, drift });
  }

  /** What a market's prices follow beside the ray. */
  #follow(m: number): number {
    const { market, asset } = this.#columns;
    const base = market.base[m]!;
    if (this.#model === NONE || base === NONE) return FOLLOW.ray;
    if (market.kind[m]! >= KIND.call) return this.#depends(m) ? FOLLOW.value : FOLLOW.ray;
    const isSpot = market.index[m] === asset.price[base] && market.index[m] !== market.mark[m];
    return isSpot && this.#has('asset', base) ? FOLLOW.index + base : FOLLOW.ray;
  }

  #addAsset(a: number): void {
    if (a === NONE || this.#has('asset', a)) return;
    const shift = this.assetShift(a);
    if (shift !== 0 && this.#columns.asset.price[a] !== 0) this.#add('asset', a, shift);
  }

  /** Growth of a market's funding index; only on a ray that names what moves. */
  #drift(m: number): number {
    return this.#underlying === NONE ? this.#columns.market.drift[m]! : 0;
  }

  /** Whether what a market is worth changes with an asset that moves. */
  #depends(m: number): boolean {
    const { settle, quote, base } = this.#columns.market;
    return [settle, quote, base].some((of) => this.#has('asset', of[m]!));
  }

  /** Adds a market that moves, or whose unit values change with an asset that does or with its funding. */
  #addMarket(m: number): void {
    if (this.#has('market', m)) return;
    const shift = this.marketShift(m);
    if (shift !== 0 || this.#drift(m) !== 0 || this.#depends(m)) this.#add('market', m, shift);
  }

  /** Adds the spots that a model reads: of what is held, of what balances hedge, and of pegs. */
  #addSpots(u: number, markets: readonly number[]): void {
    if (this.#model === NONE) return;
    const { unit, balance, asset, market, model, node } = this.#columns;
    const first = unit.balanceStart[u]!;
    for (let b = first; b < first + unit.balanceCount[u]!; b++) this.#addAsset(asset.hedges[balance.asset[b]!]!);
    for (const m of markets) this.#addAsset(market.base[m]!);
    const root = model.node[this.#model]!;
    for (let n = root; n < node.end[root]!; n++) this.#addAsset(node.peg[n]!);
  }

  #gather(u: number): void {
    const { unit, balance, position, market } = this.#columns;
    const first = unit.balanceStart[u]!;
    for (let b = first; b < first + unit.balanceCount[u]!; b++) this.#addAsset(balance.asset[b]!);
    const start = unit.positionStart[u]!;
    const markets = Array.from(position.key.subarray(start, start + unit.positionCount[u]!), (key) => key >>> 2);
    // Balances have what positions settle in and what spot orders trade; tables of an inverse market may be in its quote.
    for (const m of markets) if (market.kind[m] === KIND.inverse) this.#addAsset(market.quote[m]!);
    this.#addSpots(u, markets);
    for (const m of markets) this.#addMarket(m);
  }

  /** Narrows (low, high) so that a price stays inside (0, most). */
  #bound({ section, row, shift, stood }: Moved): void {
    if (shift === 0) return;
    const prediction = section === 'market' && this.#columns.market.kind[row] === KIND.prediction;
    const toZero = -1 / shift;
    const toMost = ((prediction ? 1 : stood * REACH) / stood - 1) / shift;
    const down = shift > 0 ? toZero : toMost;
    const up = shift > 0 ? toMost : toZero;
    this.low = Math.max(this.low, this.lead * (1 + down * (1 - MARGIN)));
    this.high = Math.min(this.high, this.lead * (1 + up * (1 - MARGIN)));
  }

  #put(pointOf: (moved: Moved) => number, x: number): void {
    const { fundingIndex } = this.#columns.market;
    for (const moved of this.rows) {
      if (moved.follow !== FOLLOW.value) for (const column of moved.same) column[moved.row] = pointOf(moved);
      if (this.#underlying === NONE && moved.section === 'market')
        fundingIndex[moved.row] = moved.funding + moved.drift * (x - this.lead);
    }
    // Where prices stand they are what they were, to the last bit: a mark is its value and a gap but for rounding.
    for (const moved of this.rows) this.#putFollower(moved, x === this.lead);
    for (const { section, row } of this.rows) {
      if (section === 'asset') assetValue(this.#columns, row);
      else marketValues(this.#columns, row);
    }
    this.#reprice();
  }

  #putFollower({ row, follow, columns, prices }: Moved, back: boolean): void {
    if (follow === FOLLOW.ray) return;
    const { market, asset } = this.#columns;
    if (follow >= FOLLOW.index) market.index[row] = asset.price[follow - FOLLOW.index]!;
    else if (!back) this.#store.engine.scenarios?.valueOption(this.#store, row);
    else
      columns.forEach((column, i) => {
        column[row] = prices[i]!;
      });
  }

  /** Makes the risk arrays of what has moved. */
  #reprice(): void {
    const { scenarios } = this.#store.engine;
    if (this.#model === NONE || !scenarios) return;
    for (const { section, row } of this.rows) {
      if (section === 'market') scenarios.repriceMarket(this.#store, row, this.#model);
      else if (this.#columns.asset.hedges[row] !== NONE) scenarios.repriceAsset(this.#store, row, this.#model);
    }
  }

  /** Moves prices to point `x` of the ray, and what derives from them. */
  moveTo(x: number): void {
    const { lead } = this;
    this.#put(({ stood, shift }) => {
      // One coordinate keeps its bits: a mark, and the settle asset that has the same price.
      if (stood === lead && shift === 1) return x;
      return shift === 0 ? stood : stood * (1 + (shift * (x - lead)) / lead);
    }, x);
  }

  /** Puts every price back where it stood. */
  moveBack(): void {
    this.#put(({ stood }) => stood, this.lead);
  }
}
