// A unit to try things on: a copy of one behind the last rows of the book, with the rows that a trade needs beside those it has.
// The book itself is not touched, so nothing has to be undone.
import type { Columns, Store } from '../../memory.js';

const BALANCE = ['asset', 'positions', 'amount'] as const;
const POSITION = ['key', 'order', 'size', 'cost', 'funding', 'ownRate'] as const;

export class Trial {
  /** Row of the copy. */
  readonly unit: number;
  readonly columns: Columns;
  readonly #firstBalance: number;
  readonly #firstPosition: number;
  #balances: number;
  #positions: number;

  /** Copies unit `u`. The sections have room for its rows, two balances, a position and an order more. */
  constructor(store: Store, u: number) {
    this.columns = store.columns;
    const { unit } = this.columns;
    this.unit = store.count('unit');
    this.#firstBalance = store.count('balance');
    this.#balances = unit.balanceCount[u]!;
    this.#firstPosition = store.count('position');
    this.#positions = unit.positionCount[u]!;
    this.#copy('balance', this.#firstBalance, unit.balanceStart[u]!, this.#balances);
    this.#copy('position', this.#firstPosition, unit.positionStart[u]!, this.#positions);
    unit.balanceStart[this.unit] = this.#firstBalance;
    unit.positionStart[this.unit] = this.#firstPosition;
    for (const name of ['multiplier', 'buffer', 'rateFloor'] as const) unit[name][this.unit] = unit[name][u]!;
    unit.model[this.unit] = unit.model[u]!;
    this.#putCounts();
  }

  #copy(section: 'balance' | 'position', to: number, from: number, count: number): void {
    const { balance, position } = this.columns;
    if (section === 'balance') for (const name of BALANCE) balance[name].copyWithin(to, from, from + count);
    else for (const name of POSITION) position[name].copyWithin(to, from, from + count);
  }

  #putCounts(): void {
    const { unit } = this.columns;
    unit.balanceCount[this.unit] = this.#balances;
    unit.positionCount[this.unit] = this.#positions;
  }

  /** Balance row of an asset, opened empty where there is none. */
  balanceOf(asset: number): number {
    const { balance } = this.columns;
    const end = this.#firstBalance + this.#balances;
    let b = this.#firstBalance;
    while (b < end && balance.asset[b]! < asset) b++;
    if (b < end && balance.asset[b] === asset) return b;
    this.#copy('balance', b + 1, b, end - b);
    balance.asset[b] = asset;
    balance.positions[b] = 0;
    balance.amount[b] = 0;
    this.#balances++;
    this.#putCounts();
    return b;
  }

  /** Position row of a key under the balance of `asset`, opened empty where there is none. */
  positionOf(asset: number, key: number): number {
    const { balance, position, market } = this.columns;
    const b = this.balanceOf(asset);
    let p = this.#firstPosition;
    for (let before = this.#firstBalance; before < b; before++) p += balance.positions[before]!;
    const end = p + balance.positions[b]!;
    while (p < end && position.key[p]! < key) p++;
    if (p < end && position.key[p] === key) return p;
    this.#copy('position', p + 1, p, this.#firstPosition + this.#positions - p);
    position.key[p] = key;
    position.order[p] = 0;
    this.putPosition(p, 0, 0, market.fundingIndex[key >>> 2]!);
    position.ownRate[p] = 0;
    balance.positions[b] = balance.positions[b]! + 1;
    this.#positions++;
    this.#putCounts();
    return p;
  }

  /** Takes the position row that was opened last out again; balances stay. */
  dropPosition(asset: number, p: number): void {
    const { balance } = this.columns;
    const b = this.balanceOf(asset);
    this.#copy('position', p, p + 1, this.#firstPosition + this.#positions - p - 1);
    balance.positions[b] = balance.positions[b]! - 1;
    this.#positions--;
    this.#putCounts();
  }

  /** Position rows of the copy. */
  get positions(): number {
    return this.#positions;
  }

  /** What a balance row of an asset holds after its index. */
  realAmount(asset: number, b: number): number {
    const amount = this.columns.balance.amount[b]!;
    const { borrowIndex, depositIndex } = this.columns.asset;
    return amount * (amount < 0 ? borrowIndex : depositIndex)[asset]!;
  }

  /** Makes a balance row hold `real` after its index. */
  putReal(asset: number, b: number, real: number): void {
    const { borrowIndex, depositIndex } = this.columns.asset;
    this.columns.balance.amount[b] = real / (real < 0 ? borrowIndex : depositIndex)[asset]! + 0;
  }

  putPosition(p: number, size: number, cost: number, funding: number): void {
    const { position } = this.columns;
    position.size[p] = size + 0;
    position.cost[p] = cost + 0;
    position.funding[p] = funding;
  }
}
