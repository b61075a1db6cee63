// The margin scan as wallets and bots write it: an array of accounts, each with arrays of position and balance objects that
// point at their market or asset, one method a question, asked level by level. Same model, same answers.
import type { BookBase } from '../../bindings/public.js';
import { interestRates } from './full.js';
import type { Baseline, Sums } from './scan.js';

type Level = 0 | 1 | 2;
interface Step {
  upTo: number;
  slope: number[];
  offset: number[];
}
interface Asset {
  price: number;
  low: number[];
  high: number[];
  tiers: Step[];
  debtWeight: number[];
}
interface Market {
  mark: number;
  fundingIndex: number;
  brackets: Step[];
  pnlWeight: number[];
  pnlCap: number[];
  closingFee: number[];
  curve: { base: number; factor: number[] } | undefined;
  openInterestRate: number;
}

class Position {
  constructor(
    readonly market: Market,
    readonly size: number,
    readonly cost: number,
    readonly funding: number,
    readonly ownRate: number,
    readonly orders: { bids: number; asks: number } | undefined,
  ) {}

  notional(): number {
    return Math.abs(this.size) * this.market.mark;
  }

  pnl(): number {
    const { mark, fundingIndex } = this.market;
    return this.size * (mark - (fundingIndex - this.funding)) - this.cost;
  }

  countedPnl(level: Level): number {
    const pnl = this.pnl();
    return pnl > 0 ? Math.min(pnl * this.market.pnlWeight[level]!, this.market.pnlCap[level]!) : pnl;
  }

  requirement(level: Level): number {
    if (!this.orders) return this.requirementOf(Math.abs(this.size), level);
    const outcomes = [this.size - this.orders.asks, this.size + this.orders.bids];
    return Math.max(...outcomes.map((size) => this.requirementOf(Math.abs(size), level)));
  }

  private requirementOf(contracts: number, level: Level): number {
    const { mark, brackets, curve, closingFee, openInterestRate } = this.market;
    const notional = contracts * mark;
    const bracket = brackets.find((b) => notional <= b.upTo)!;
    let need = notional * bracket.slope[level]! - bracket.offset[level]!;
    if (curve) need = Math.max(need, curve.base * need + curve.factor[level]! * Math.sqrt(contracts) * notional);
    if (level === 0) need = Math.max(need, openInterestRate * notional, this.ownRate * notional);
    return need + notional * closingFee[level]!;
  }
}

class Balance {
  constructor(
    readonly asset: Asset,
    readonly amount: number,
    readonly positions: Position[],
  ) {}

  notional(): number {
    return sumOf(this.positions, (p) => p.notional());
  }

  equity(): number {
    return this.positions.reduce((sum, p) => sum + p.pnl(), this.amount) * this.asset.price;
  }

  private held(level: Level): number {
    return this.positions.reduce((sum, p) => sum + p.countedPnl(level), this.amount);
  }

  collateral(level: Level): number {
    const held = this.held(level);
    if (held < 0) return held * this.asset.high[level]!;
    const value = held * this.asset.low[level]!;
    const tier = this.asset.tiers.find((t) => value <= t.upTo)!;
    return value * tier.slope[level]! + tier.offset[level]!;
  }

  requirement(level: Level): number {
    const owed = Math.max(0, -this.held(level) * this.asset.high[level]!);
    const need = this.positions.reduce((sum, p) => sum + p.requirement(level), 0);
    return need + owed * (this.asset.debtWeight[level]! - 1);
  }
}

const sumOf = <T>(list: T[], of: (item: T) => number): number => list.reduce((sum, item) => sum + of(item), 0);

class Account {
  constructor(
    readonly multiplier: number,
    readonly buffer: number,
    readonly balances: Balance[],
  ) {}

  equity(): number {
    return sumOf(this.balances, (b) => b.equity());
  }
  collateral(level: Level): number {
    return sumOf(this.balances, (b) => b.collateral(level));
  }
  requirement(level: Level): number {
    const need = sumOf(this.balances, (b) => b.requirement(level)) * this.multiplier;
    return level === 2 ? need + this.buffer * sumOf(this.balances, (b) => b.notional()) : need;
  }

  risk(levels: Level[]) {
    const collateral = levels.map((level) => this.collateral(level));
    const requirement = levels.map((level) => this.requirement(level));
    return { equity: this.equity(), collateral, requirement, liquidatable: collateral[1]! < requirement[1]! };
  }
}

/** Three numbers by level. */
const three = (column: Float64Array, row: number, width = 3): number[] => [
  ...column.subarray(row * width, row * width + 3),
];

function assetsOf(book: BookBase): Asset[] {
  const { asset: c, tier } = book.store.columns;
  return Array.from({ length: book.assets }, (_, a) => {
    const prices = [c.price[a]!, c.twap[a]!, c.stable[a]!];
    const guarded = [0, 1, 2].map((k) => ((c.guard[a]! >>> k) & 1) === 1);
    const tiers = Array.from({ length: c.tierCount[a]! }, (_, i) => c.tierStart[a]! + i);
    return {
      price: c.price[a]!,
      low: guarded.map((g) => (g ? Math.min(...prices) : c.price[a]!)),
      high: guarded.map((g) => (g ? Math.max(...prices) : c.price[a]!)),
      tiers: tiers.map((t) => ({
        upTo: tier.upTo[t]!,
        slope: three(tier.weight, t, 4),
        offset: three(tier.offset, t, 4),
      })),
      debtWeight: three(tier.weight, c.debtStart[a]!, 4),
    };
  });
}

function marketsOf(book: BookBase): Market[] {
  const interest = interestRates(book);
  const { market: c, line } = book.store.columns;
  return Array.from({ length: book.markets }, (_, m) => {
    const lines = Array.from({ length: c.lineCount[m]! }, (_, i) => c.lineStart[m]! + i);
    const last = lines.length - 1;
    return {
      mark: c.mark[m]! * c.multiplier[m]!,
      fundingIndex: c.fundingIndex[m]!,
      brackets: lines.map((l, i) => ({
        upTo: i === last ? Number.MAX_VALUE : line.upTo[l]!,
        slope: three(line.rate, l),
        offset: three(line.deduction, l),
      })),
      pnlWeight: three(c.pnlWeight, m),
      pnlCap: three(c.pnlCap, m),
      closingFee: three(c.closingFee, m),
      curve: c.curveKind[m] ? { base: c.curveBase[m]!, factor: three(c.curveFactor, m) } : undefined,
      openInterestRate: interest[m]!,
    };
  });
}

function accountsOf(book: BookBase, assets: Asset[], markets: Market[]): Account[] {
  const { unit, balance, position, order } = book.store.columns;
  return Array.from({ length: book.units }, (_, u) => {
    let p = unit.positionStart[u]!;
    const balances = Array.from({ length: unit.balanceCount[u]! }, (_, i) => {
      const b = unit.balanceStart[u]! + i;
      const positions = Array.from({ length: balance.positions[b]! }, () => {
        const o = position.order[p]! - 1;
        const orders = o < 0 ? undefined : { bids: order.bidSize[o]!, asks: order.askSize[o]! };
        const market = markets[position.key[p]! >>> 2]!;
        const row = p++;
        const { size, cost, funding, ownRate } = position;
        return new Position(market, size[row]!, cost[row]!, funding[row]!, ownRate[row]!, orders);
      });
      return new Balance(assets[balance.asset[b]!]!, balance.amount[b]!, positions);
    });
    return new Account(unit.multiplier[u]!, unit.buffer[u]!, balances);
  });
}

export function naiveScan(book: BookBase, levels: 2 | 3): Baseline {
  const accounts = accountsOf(book, assetsOf(book), marketsOf(book));
  const asked = ([0, 1, 2] as Level[]).slice(0, levels);
  const column = (of: (account: Account) => number): Float64Array => Float64Array.from(accounts, of);
  const run = (): Sums => {
    const risks = accounts.map((account) => account.risk(asked));
    return {
      liquidatable: risks.filter((risk) => risk.liquidatable).length,
      equity: sumOf(risks, (risk) => risk.equity),
      initial: sumOf(risks, (risk) => risk.requirement[0]!),
      maintenance: sumOf(risks, (risk) => risk.requirement[1]!),
    };
  };
  return {
    run,
    get columns() {
      return {
        equity: column((account) => account.equity()),
        initial: column((account) => account.requirement(0)),
        maintenance: column((account) => account.requirement(1)),
      };
    },
  };
}
