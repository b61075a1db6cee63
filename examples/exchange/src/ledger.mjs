// Who owns what, in whole minor units and lots: the authority. The kernel's book follows it in doubles and is never
// read back as money. Every trade and payment sums to zero, so what was deposited is what is there, at any marks.
import { stateOf } from 'margin-kernel/waterfall';
import { ASSET } from './market.mjs';

/** @typedef {import('./market.mjs').Market} Market */
/** @typedef {{ lots: bigint, cost: bigint }} Position `cost` is what the lots have paid (below 0) or received */
/** @typedef {{ cash: bigint, positions: Map<string, Position> }} Account */

/** What rounding leaves over in a waterfall, as its states have it. */
export const DUST = 'dust';

export class Ledger {
  /** @type {Map<string, Account>} */
  #accounts = new Map();
  #markets;
  #house;
  /** Minor units that have been deposited. */
  #deposited = 0n;
  /** Mark by market, ticks. @type {Map<string, number>} */
  marks = new Map();

  /**
   * @param {readonly Market[]} markets
   * @param {readonly string[]} house the venue's own accounts
   */
  constructor(markets, house) {
    this.#markets = new Map(markets.map((market) => [market.id, market]));
    this.#house = new Set(house);
    for (const { id, start } of markets) this.marks.set(id, start);
  }

  /** @param {string} id @param {bigint} minor */
  open(id, minor) {
    this.#accounts.set(id, { cash: minor, positions: new Map() });
    this.#deposited += minor;
  }

  get ids() {
    return [...this.#accounts.keys()];
  }

  /** @param {string} id @returns {Account} */
  account(id) {
    const account = this.#accounts.get(id);
    if (!account) throw new RangeError(`no account ${id}`);
    return account;
  }

  /** @param {string} id @param {string} market @returns {bigint} */
  lots(id, market) {
    return this.account(id).positions.get(market)?.lots ?? 0n;
  }

  /** Cash, and what positions make at the marks. @param {string} id */
  equity(id) {
    const { cash, positions } = this.account(id);
    let equity = cash;
    for (const [market, { lots, cost }] of positions) equity += cost + this.worth(market, lots);
    return equity;
  }

  /** @param {string} market @param {bigint} lots */
  worth(market, lots) {
    return this.#market(market).worth(lots, /** @type {number} */ (this.marks.get(market)));
  }

  /**
   * Lots change hands at a price.
   * @param {string} buyer
   * @param {string} seller
   * @param {string} market
   * @param {bigint} lots
   * @param {number} price ticks
   */
  trade(buyer, seller, market, lots, price) {
    const worth = this.#market(market).worth(lots, price);
    this.#take(buyer, market, lots, -worth);
    this.#take(seller, market, -lots, worth);
  }

  /** @param {string} from @param {string} to @param {bigint} minor */
  pay(from, to, minor) {
    this.account(from).cash -= minor;
    this.account(to).cash += minor;
  }

  /**
   * Changes of one account, as the postings of a waterfall say.
   * @param {string} id
   * @param {bigint} cash
   * @param {Map<string, Position>} positions
   */
  post(id, cash, positions) {
    if (id === DUST && !this.#accounts.has(DUST)) this.open(DUST, 0n);
    const account = this.account(id);
    account.cash += cash;
    for (const [market, { lots, cost }] of positions) {
      const had = account.positions.get(market) ?? { lots: 0n, cost: 0n };
      this.#set(account, market, had.lots + lots, had.cost + cost);
    }
  }

  /**
   * A part of a position that closes takes its part of the cost with it; what it has made goes to the cash.
   * @param {string} id
   * @param {string} market
   * @param {bigint} lots
   * @param {bigint} paid
   */
  #take(id, market, lots, paid) {
    const account = this.account(id);
    const had = account.positions.get(market) ?? { lots: 0n, cost: 0n };
    const next = had.lots + lots;
    if (had.lots === 0n || had.lots > 0n === lots > 0n) return this.#set(account, market, next, had.cost + paid);
    if (had.lots > 0n !== next > 0n && next !== 0n) {
      // Through zero: all of it closes, and the rest opens at the same price.
      const opens = (paid * next) / lots;
      account.cash += had.cost + paid - opens;
      return this.#set(account, market, next, opens);
    }
    const kept = (had.cost * next) / had.lots;
    account.cash += had.cost - kept + paid;
    this.#set(account, market, next, kept);
  }

  /** @param {Account} account @param {string} market @param {bigint} lots @param {bigint} cost */
  #set(account, market, lots, cost) {
    if (lots !== 0n) account.positions.set(market, { lots, cost });
    else {
      account.positions.delete(market);
      account.cash += cost;
    }
  }

  /** @param {string} id @returns {Market} */
  #market(id) {
    return /** @type {Market} */ (this.#markets.get(id));
  }

  /**
   * Money and lots that are too many: cash, costs and worth of all accounts less what was deposited. Zero, whatever has happened.
   * @returns {{ money: bigint, lots: bigint }}
   */
  excess() {
    let money = -this.#deposited;
    const lots = new Map([...this.#markets.keys()].map((id) => [id, 0n]));
    for (const { cash, positions } of this.#accounts.values()) {
      money += cash;
      for (const [market, position] of positions) {
        money += position.cost;
        lots.set(market, /** @type {bigint} */ (lots.get(market)) + position.lots);
      }
    }
    let open = 0n;
    for (const [market, sum] of lots) {
      money += this.worth(market, sum);
      open += sum < 0n ? -sum : sum;
    }
    return { money, lots: open };
  }

  /** @throws Error where something was made or lost */
  conserve() {
    const { money, lots } = this.excess();
    if (money !== 0n || lots !== 0n) {
      throw new Error(`the ledger does not sum to zero: ${money} minor units, ${lots} lots too many`);
    }
  }

  /** As a waterfall reads it. @param {number} block */
  state(block) {
    return stateOf({ ...this.json(), time: block, block });
  }

  /** Plain data, for `stateOf` and for a digest. */
  json() {
    return {
      markets: [...this.#markets.values()].map((market) =>
        market.terms(/** @type {number} */ (this.marks.get(market.id))),
      ),
      accounts: [...this.#accounts].map(([id, { cash, positions }]) => ({
        id,
        balances: { [ASSET]: cash },
        positions: Object.fromEntries(positions),
        house: this.#house.has(id),
      })),
    };
  }
}
