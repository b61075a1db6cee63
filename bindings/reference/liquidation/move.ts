// Prices that move together along a ray: which assets and markets of a unit they are, and setting them to a point of it, as
// setMark and setPrice would: guard and index prices that equal the price follow it, others stay.
import { KIND, NONE } from '../../layout.js';
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
  /** Columns that hold the price: the first, and those that follow it. */
  follow: Float64Array[];
  /** Funding index as it stood, and its growth for a move of 1 of the lead. */
  funding: number;
  drift: number;
}

/** A ray of prices for one unit. */
export class PriceRay {
  readonly rows: Moved[] = [];
  /** Price that leads; a ray of several prices is led by a factor that stands at 1. */
  readonly lead: number;
  /** The last points of the ray. */
  low: number;
  high: number;
  readonly #columns: Columns;
  readonly #leadMarket: number;

  /** @param leadMarket - whose mark leads, or NONE where the `shift` columns say what moves */
  constructor(store: Store, unit: number, leadMarket: number) {
    this.#columns = store.columns;
    this.#leadMarket = leadMarket;
    this.lead = leadMarket === NONE ? 1 : this.#columns.market.mark[leadMarket]!;
    this.low = this.lead * MARGIN;
    this.high = this.lead * REACH;
    this.#gather(unit);
    for (const moved of this.rows) this.#bound(moved);
  }

  assetShift(a: number): number {
    const { asset, market } = this.#columns;
    if (this.#leadMarket === NONE) return asset.shift[a]!;
    const beta = market.beta[this.#leadMarket]!;
    return beta !== 0 && asset.underlying[a] === market.underlying[this.#leadMarket] ? 1 / beta : 0;
  }

  marketShift(m: number): number {
    const { market } = this.#columns;
    if (this.#leadMarket === NONE) return market.shift[m]!;
    if (m === this.#leadMarket) return 1;
    const beta = market.beta[this.#leadMarket]!;
    // A market of beta 0 moves alone.
    if (beta === 0 || market.underlying[m] !== market.underlying[this.#leadMarket]) return 0;
    return market.beta[m]! / beta;
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
    const stood = columns[0]![row]!;
    const follow = columns.filter((column) => column[row] === stood);
    const funding = section === 'market' ? market.fundingIndex[row]! : 0;
    const drift = section === 'market' ? this.#drift(row) : 0;
    this.rows.push({ section, row, shift, stood, follow, funding, drift });
  }

  #addAsset(a: number): void {
    if (a === NONE || this.#has('asset', a)) return;
    const shift = this.assetShift(a);
    if (shift !== 0 && this.#columns.asset.price[a] !== 0) this.#add('asset', a, shift);
  }

  /** Growth of a market's funding index; only on a ray that names what moves. */
  #drift(m: number): number {
    return this.#leadMarket === NONE ? this.#columns.market.drift[m]! : 0;
  }

  /** Adds a market that moves, or whose unit values change with an asset that does or with its funding. */
  #addMarket(m: number): void {
    if (this.#has('market', m)) return;
    const { settle, quote, base } = this.#columns.market;
    const shift = this.marketShift(m);
    const depends = [settle, quote, base].some((of) => this.#has('asset', of[m]!));
    if (shift !== 0 || this.#drift(m) !== 0 || depends) this.#add('market', m, shift);
  }

  #gather(u: number): void {
    const { unit, balance, position, market } = this.#columns;
    const first = unit.balanceStart[u]!;
    for (let b = first; b < first + unit.balanceCount[u]!; b++) this.#addAsset(balance.asset[b]!);
    const start = unit.positionStart[u]!;
    const markets = Array.from(position.key.subarray(start, start + unit.positionCount[u]!), (key) => key >>> 2);
    // Balances have what positions settle in and what spot orders trade; tables of an inverse market may be in its quote.
    for (const m of markets) if (market.kind[m] === KIND.inverse) this.#addAsset(market.quote[m]!);
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
      for (const column of moved.follow) column[moved.row] = pointOf(moved);
      if (this.#leadMarket === NONE && moved.section === 'market')
        fundingIndex[moved.row] = moved.funding + moved.drift * (x - this.lead);
    }
    for (const { section, row } of this.rows) {
      if (section === 'asset') assetValue(this.#columns, row);
      else marketValues(this.#columns, row);
    }
  }

  /** Moves prices to point `x` of the ray, and what derives from them. */
  moveTo(x: number): void {
    const { lead } = this;
    // One coordinate keeps its bits: a mark, and the settle asset that has the same price.
    this.#put(({ stood, shift }) => (stood === lead && shift === 1 ? x : stood * (1 + (shift * (x - lead)) / lead)), x);
  }

  /** Puts every price back where it stood. */
  moveBack(): void {
    this.#put(({ stood }) => stood, this.lead);
  }
}
