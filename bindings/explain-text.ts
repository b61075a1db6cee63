// An explanation as text that a trader can read on a bad day: one block a margin unit, one line a row.
import type { Binding, ByLevel, Explanation, PositionExplanation, UnitExplanation } from './explain.js';

/** Fixed digits for amounts of money, more where the number is small; grouping makes long ones readable. */
function number(x: number): string {
  const digits = Math.abs(x) >= 1000 || x === 0 ? 2 : Math.abs(x) >= 1 ? 4 : 8;
  const [whole = '', part] = x.toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? grouped : `${grouped}.${part}`;
}

const percent = (x: number | null): string => (x === null ? '-' : `${(x * 100).toFixed(2)} %`);
const levels = (x: ByLevel): string =>
  `initial ${number(x.initial)} | maintenance ${number(x.maintenance)}${x.liquidationEnd === x.maintenance ? '' : ` | liquidation end ${number(x.liquidationEnd)}`}`;

function binding(b: Binding): string {
  const rate = percent(b.rate);
  if (b.rule === 'curve') return `size curve, ${rate} of ${number(b.notional)}`;
  if (b.rule === 'openInterest') return `open interest, ${rate} of ${number(b.notional)}`;
  if (b.rule === 'ownRate') return `own leverage, ${rate} of ${number(b.notional)}`;
  return `bracket ${b.bracket + 1}: ${rate} of ${number(b.notional)}${b.deduction === 0 ? '' : ` less ${number(b.deduction)}`}`;
}

function position(p: PositionExplanation): string[] {
  const side = p.side === 'net' ? (p.size < 0 ? 'short' : 'long') : `${p.side} side`;
  const lines = [
    `  ${p.market}  ${side} ${number(Math.abs(p.size))} at ${p.entry === null ? '-' : number(p.entry)}, mark ${number(p.mark)}, notional ${number(p.notional)}`,
    `    PnL ${number(p.unrealizedPnl)}${p.fundingPnl === 0 ? '' : `, funding ${number(p.fundingPnl)}`}, counts ${number(p.countedPnl.maintenance)}`,
    `    requires ${levels(p.requirement)}`,
    `      initial: ${binding(p.binding.initial)}; maintenance: ${binding(p.binding.maintenance)}`,
  ];
  if (p.orders) {
    const { bids, asks, outcome, sizeAfter, orderMargin } = p.orders;
    lines.push(
      `    open orders: bids ${number(bids)}, asks ${number(asks)}; worst if all ${outcome} fill: ${number(sizeAfter)}${orderMargin === 0 ? '' : `, order margin ${number(orderMargin)}`}`,
    );
  }
  return lines;
}

function unit(u: UnitExplanation): string[] {
  const lines = [
    `${u.bucket === 0 ? 'Cross' : `Isolated bucket ${u.bucket}`}: ${u.status}`,
    `  equity ${number(u.equity)}, collateral ${number(u.collateral)}`,
    `  initial margin ${number(u.initialMargin)}, maintenance margin ${number(u.maintenanceMargin)}, health ${number(u.health.maintenance)}`,
    ...(u.multiplier === 1 ? [] : [`  every requirement times ${u.multiplier}`]),
    ...(u.buffer === 0 ? [] : [`  liquidation buffer ${number(u.buffer)}`]),
  ];
  for (const b of u.balances) {
    const pnl = b.pnl === 0 ? '' : ` + PnL ${number(b.pnl)}`;
    lines.push(
      `  ${b.asset}  ${number(b.amount)}${pnl}, at ${number(b.price)} = ${number(b.value)}; counts ${number(b.collateral.maintenance)} (weight ${percent(b.weight.maintenance)})`,
    );
    if (b.requirement.initial !== 0 || b.requirement.maintenance !== 0)
      lines.push(`    debt requires ${levels(b.requirement)}`);
  }
  for (const p of u.positions) lines.push(...position(p));
  for (const s of u.spotOrders) {
    const what =
      s.form === 'fill'
        ? `if ${s.outcome.maintenance} fill: value ${number(s.valueAfter.maintenance)}, cash ${number(s.ordersValue.maintenance)}`
        : `reserved funds count ${number(s.collateral.maintenance)}`;
    lines.push(
      `  ${s.market}  spot orders: bids ${number(s.bids)}, asks ${number(s.asks)}; ${what}${s.orderMargin === 0 ? '' : `, order margin ${number(s.orderMargin)}`}`,
    );
  }
  return lines;
}

/**
 * An explanation as lines of text.
 * @example
 * console.log(explainText(explain(book, 'a1')));
 */
export function explainText(explanation: Explanation): string {
  const { account, numeraire, status, equity, maintenanceMargin, marginRatio, units } = explanation;
  const head = `Account ${account} (${numeraire}): ${status}. Equity ${number(equity)}, maintenance margin ${number(maintenanceMargin)}, margin ratio ${percent(marginRatio)}`;
  return [head, ...units.flatMap(unit)].join('\n');
}
