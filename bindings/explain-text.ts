// An explanation as text that a trader can read on a bad day: one block a margin unit, one line a row. Amounts of money have
// two decimals, sizes and prices as many as they need, so numbers of a block stand in one form.
import { money, percent, quantity } from './amounts.js';
import type {
  Binding,
  ByLevel,
  Explanation,
  PositionExplanation,
  SpotOrdersExplanation,
  UnitExplanation,
} from './explanation.js';
import { compareRisk } from './margin.js';

const ratio = (x: number | null): string => (x === null ? 'none (no positive collateral)' : percent(x));

/** A text at each level, once where they agree; a liquidation ends where it begins unless it is said. */
function levels<T>(x: ByLevel<T>, text: (at: T) => string): string {
  const [initial, maintenance, end] = [text(x.initial), text(x.maintenance), text(x.liquidationEnd)];
  if (initial === maintenance && maintenance === end) return `${maintenance} at every level`;
  return `initial ${initial} | maintenance ${maintenance}${end === maintenance ? '' : ` | liquidation end ${end}`}`;
}

function binding(b: Binding, requirement: number): string {
  // A table may be in coins or contracts. Where its own sum is of the size of the requirement, which is in the numeraire, it
  // reads as money, else as a size.
  const own = b.rate * b.notional - b.deduction;
  const number = own <= requirement * 2 && own >= requirement / 2 ? money : quantity;
  const of = `${percent(b.rate)} of ${number(b.notional)}`;
  if (b.rule === 'curve') return `size curve, ${of}`;
  if (b.rule === 'openInterest') return `open interest, ${of}`;
  if (b.rule === 'ownRate') return `own leverage, ${of}`;
  return `bracket ${b.bracket + 1}: ${of}${b.deduction === 0 ? '' : ` less ${number(b.deduction)}`}`;
}

const NO_FILL = 'no fill is worse';

/** @param modelled - a model margins the unit: its rows ask for nothing by their own tables */
function position(p: PositionExplanation, modelled: boolean): string[] {
  const side = p.side === 'net' ? (p.size < 0 ? 'short' : 'long') : `${p.side} side`;
  const entry = p.entry === null ? 'no entry (cost 0)' : `entry ${quantity(p.entry)}`;
  const held = p.size === 0 ? 'nothing held' : `${side} ${quantity(Math.abs(p.size))}, ${entry}`;
  const rules = {
    initial: binding(p.binding.initial, p.requirement.initial),
    maintenance: binding(p.binding.maintenance, p.requirement.maintenance),
    liquidationEnd: binding(p.binding.liquidationEnd, p.requirement.liquidationEnd),
  };
  const lines = [
    `  ${p.market}  ${held}, mark ${quantity(p.mark)}, notional ${money(p.notional)}`,
    `    PnL ${money(p.unrealizedPnl)}${p.fundingPnl === 0 ? '' : `, funding ${money(p.fundingPnl)}`}; counts ${levels(p.countedPnl, money)}`,
    ...(modelled ? [] : [`    requires ${levels(p.requirement, money)}`, `      ${levels(rules, String)}`]),
  ];
  if (p.orders && modelled)
    lines.push(`    open orders: bids ${quantity(p.orders.bids)}, asks ${quantity(p.orders.asks)}`);
  else if (p.orders) {
    const { bids, asks, outcome, sizeAfter, orderMargin } = p.orders;
    const worst = outcome === 'none' ? NO_FILL : `worst if all ${outcome} fill: ${quantity(sizeAfter)}`;
    lines.push(`    open orders: bids ${quantity(bids)}, asks ${quantity(asks)}; ${worst}${orders(orderMargin)}`);
  }
  return lines;
}

const orders = (margin: number): string => (margin === 0 ? '' : `, order margin ${money(margin)}`);

function spotOrders(s: SpotOrdersExplanation): string {
  const outcome = (level: keyof ByLevel): string =>
    s.outcome[level] === 'none'
      ? NO_FILL
      : `if all ${s.outcome[level]} fill: ${s.base} ${money(s.valueAfter[level])}, cash ${money(s.ordersValue[level])}`;
  const { initial, maintenance, liquidationEnd } = s.outcome;
  const none = initial === 'none' && maintenance === 'none' && liquidationEnd === 'none';
  const filled = none
    ? NO_FILL
    : levels({ initial: 'initial', maintenance: 'maintenance', liquidationEnd: 'liquidationEnd' } as const, outcome);
  const what = s.form === 'fill' ? filled : `reserved funds count ${levels(s.collateral, money)}`;
  return `  ${s.market}  spot orders: bids ${quantity(s.bids)}, asks ${quantity(s.asks)}; ${what}${orders(s.orderMargin)}`;
}

const nameOf = ({ bucket }: UnitExplanation): string => (bucket === 0 ? 'cross' : `bucket ${bucket}`);

/** Collateral, margin and health of a unit, a line a level; the end of a liquidation where it differs. */
function healthOf(u: UnitExplanation): string[] {
  const rows: [level: string, collateral: number, margin: number, health: number][] = [
    ['initial', u.initialCollateral, u.initialMargin, u.health.initial],
    ['maintenance', u.collateral, u.maintenanceMargin, u.health.maintenance],
  ];
  if (u.endCollateral !== u.collateral || u.endMargin !== u.maintenanceMargin)
    rows.push(['liquidation end', u.endCollateral, u.endMargin, u.health.liquidationEnd]);
  return rows.map(
    ([level, collateral, margin, health]) =>
      `  ${level}: collateral ${money(collateral)} - margin ${money(margin)} = health ${money(health)}`,
  );
}

function unit(u: UnitExplanation): string[] {
  const lines = [
    `${u.bucket === 0 ? 'Cross' : `Isolated bucket ${u.bucket}`}: ${u.status}, equity ${money(u.equity)}, margin ratio ${ratio(u.marginRatio)}`,
    ...healthOf(u),
    ...(u.scenarios ? [`  margin by the model ${u.scenarios.model.id}`] : []),
    ...(u.multiplier === 1 ? [] : [`  every requirement times ${u.multiplier}`]),
    ...(u.buffer === 0 ? [] : [`  liquidation buffer ${money(u.buffer)}`]),
  ];
  for (const b of u.balances) {
    const pnl = b.pnl === 0 ? '' : ` ${b.pnl < 0 ? '-' : '+'} PnL ${quantity(Math.abs(b.pnl))}`;
    const weighed = {
      initial: [b.collateral.initial, b.weight.initial],
      maintenance: [b.collateral.maintenance, b.weight.maintenance],
      liquidationEnd: [b.collateral.liquidationEnd, b.weight.liquidationEnd],
    } as const;
    lines.push(
      `  ${b.asset}  ${quantity(b.amount)}${pnl}, at ${quantity(b.price)} = ${money(b.value)}`,
      `    counts ${levels(weighed, ([counted, weight]) => `${money(counted)} (weight ${percent(weight)})`)}`,
    );
    if (b.requirement.initial !== 0 || b.requirement.maintenance !== 0)
      lines.push(`    debt requires ${levels(b.requirement, money)}`);
  }
  return [
    ...lines,
    ...u.positions.flatMap((p) => position(p, u.scenarios !== undefined)),
    ...u.spotOrders.map(spotOrders),
  ];
}

/** Status of an account and where it is so, and the ratio of its riskiest unit: units do not pay for one another. */
function head({ account, numeraire, status, equity, maintenanceMargin, marginRatio, units }: Explanation): string {
  const name = `Account ${account} (${numeraire}): ${status}`;
  const amounts = `equity ${money(equity)}, maintenance margin ${money(maintenanceMargin)}`;
  const [first, ...others] = units;
  if (first === undefined || others.length === 0)
    return `${name}. E${amounts.slice(1)}, margin ratio ${ratio(marginRatio)}`;
  const worst = others.reduce((w, u) => (compareRisk(u, w) > 0 ? u : w), first);
  const where = units.filter((u) => u.status === status).map(nameOf);
  const so = status === 'healthy' ? '' : ` in ${where.join(' and ')}`;
  return `${name}${so}. Worst margin ratio ${ratio(worst.marginRatio)} in ${nameOf(worst)}. All units together: ${amounts}`;
}

/**
 * An explanation as lines of text. Collateral and weights are said at each level, once where the levels agree; amounts are in
 * the numeraire, balances in units of their asset.
 * @example
 * console.log(explainText(explain(book, 'a1')));
 */
export function explainText(explanation: Explanation): string {
  return [head(explanation), ...explanation.units.flatMap(unit)].join('\n');
}
