// What the kernel says of each position that is typed: its mark, its profit, and where it is liquidated.
import type { PositionExplanation } from 'margin-kernel/reference/var';
import type { App } from '../app.ts';
import { figure, h } from '../dom.ts';
import type { Draft, PositionRow } from '../draft.ts';
import { price as priceText, signed } from '../format.ts';
import type { Exit } from '../measure.ts';

const none = (): HTMLElement => h('span', { class: 'soft' }, '–');

/** Fills the cells `data-out` of the rows of a draft. */
export function showFigures(app: App, { positions }: Draft, table: HTMLElement): void {
  positions.forEach((row, i) => {
    const side = row.rest.side ?? 'net';
    const unit = app.now.explanation.units.find(({ bucket }) => bucket === row.bucket);
    const own = unit?.positions.find((p) => p.market === row.market && p.side === side);
    const at = app.ahead.exits.findIndex((e) => e.bucket === row.bucket && e.market === row.market && e.side === side);
    const exit = app.ahead.exits[at];
    const out = (name: string, node: HTMLElement, late = false): void => {
      const cell = table.querySelector(`[data-out="${name}.${i}"]`);
      cell?.replaceChildren(node);
      cell?.setAttribute('aria-busy', String(late && app.pending));
    };
    out('mark', own ? figure(`mark.${keyOf(row)}`, own.mark, priceText(own.mark)) : none());
    out('profit', own ? profitOf(row, own) : none());
    for (const way of ['down', 'up'] as const) out(way, exit ? exitOf(exit, at, way) : none(), true);
  });
}

/** Name of a row's figures. */
const keyOf = ({ bucket, market, rest }: PositionRow): string =>
  `${bucket}.${market}${rest.side && rest.side !== 'net' ? `.${rest.side}` : ''}`;

function profitOf(row: PositionRow, { unrealizedPnl, fundingPnl, entry }: PositionExplanation): HTMLElement {
  const pnl = unrealizedPnl + fundingPnl;
  const shown = figure(`pnl.${keyOf(row)}`, pnl, signed(pnl), pnl < 0 ? 'loss' : pnl > 0 ? 'gain' : '');
  return h('span', {}, shown, entry === null && h('small', {}, 'its value'));
}

/** A price at which the row's margin is liquidated; of an option it is one of its coin. */
function exitOf(exit: Exit, at: number, way: 'down' | 'up'): HTMLElement {
  const price = exit[way];
  // Where no price of this market heals what is liquidated now, "never" would say the opposite.
  const hopeless = exit.liquidatable && exit.down === null && exit.up === null;
  const text = price !== null ? priceText(price) : hopeless ? 'now' : 'never';
  const tone = price !== null ? '' : hopeless ? 'loss' : 'soft';
  const shown = figure(`exits.${at}.${way}`, price, text, tone);
  return price !== null && exit.of !== exit.market ? h('span', {}, shown, h('small', {}, exit.of)) : shown;
}
