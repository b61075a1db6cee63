// The first thing to read: whether anything is liquidated, what would, and what can still be done. Said aloud once it has settled.
import type { AccountMargin } from 'margin-kernel/reference/var';
import type { App, View } from '../app.ts';
import { byId, figure, fill, h } from '../dom.ts';
import { atMost, money, percent, signed } from '../format.ts';
import { isIll } from '../measure.ts';
import { dangersOf, dangerText, healsOf } from './exits.ts';
import { SEVERITY, STATUS_WORDS, unitName } from './names.ts';

/** A price that is dragged is not read out on every step, milliseconds. */
const QUIET = 700;

export class HeadlineView implements View {
  readonly #element = byId('headline');
  readonly #status = byId('status');
  readonly #first = byId('first');
  readonly #next = byId('next');
  readonly #tiles = byId('tiles');
  readonly #live = byId('live');
  #timer = 0;

  update(app: App): void {
    const { margin } = app.now;
    const worst = SEVERITY.find((status) => margin.units.some((unit) => unit.status === status)) ?? 'healthy';
    const [first, ...others] = dangersOf(app.ahead);
    this.#element.className = `headline ${worst}`;
    this.#status.textContent = STATUS_WORDS[worst];
    this.#status.dataset.status = worst;
    this.#element.setAttribute('aria-busy', String(app.pending));

    const ill = margin.units.filter(({ status }) => isIll(status));
    const empty = app.ahead.exits.length === 0;
    const names = ill.map(({ bucket }) => unitName(bucket)).join(' and ');
    const headline =
      ill.length > 0
        ? `${names} ${ill.length > 1 ? 'are' : 'is'} liquidated at these prices`
        : empty
          ? 'Nothing is at risk: there is no position yet'
          : first
            ? `Liquidated if ${dangerText(first)}`
            : 'No move of prices liquidates this account';
    this.#first.textContent = headline;
    const then = ill.length > 0 ? first : others.find(({ bucket, of }) => of !== first?.of || bucket !== first?.bucket);
    const unit = first && ill.length === 0 ? `${unitName(first.bucket)} margin. ` : '';
    const short = ill.map(
      ({ bucket, health }) =>
        `${unitName(bucket)} lacks ${-health.maintenance < 0.01 ? 'less than 0.01' : money(-health.maintenance)} ${app.now.explanation.numeraire}.`,
    );
    const [heal] = healsOf(app.ahead);
    this.#next.textContent = [
      ...short,
      heal ? `${unitName(heal.bucket)} is no longer liquidated if ${dangerText(heal)}.` : '',
      `${unit}${then ? `${ill.length > 0 ? 'Next' : 'Then'}: ${unitName(then.bucket)}, if ${dangerText(then)}.` : ''}`.trim(),
    ]
      .filter((text) => text !== '')
      .join(' ');
    this.#showTiles(app);
    this.#say(app, `${STATUS_WORDS[worst]}. ${headline}. ${this.#next.textContent}`);
  }

  #showTiles(app: App): void {
    const { margin, explanation, withdraw } = app.now;
    const pnl = explanation.units.flatMap(({ positions }) => positions).reduce((sum, p) => sum + p.unrealizedPnl, 0);
    // Their premium is in the balance already, so all of their value counts.
    const unpaid = explanation.units.some(({ positions }) => positions.some(({ entry }) => entry === null));
    const cross = margin.units[0];
    const free = cross?.health.initial ?? 0;
    const risk = app.ahead.risk;
    const priceOf = new Map(explanation.units[0]?.balances.map(({ asset, price }) => [asset, price]));
    const worth = ({ asset, size }: (typeof withdraw)[number]): number => size * (priceOf.get(asset) ?? 0);
    const most = [...withdraw].sort((a, b) => worth(b) - worth(a))[0];
    const several = margin.units.length > 1;
    const worst = worstOf(margin.units);
    const used = margin.units[worst]?.marginRatio ?? null;
    const usedBy = several ? `${unitName(margin.units[worst]?.bucket ?? 0)}, liquidated` : 'liquidated';
    fill(
      this.#tiles,
      tile('Equity', figure('margin.equity', margin.equity, money(margin.equity)), explanation.numeraire),
      tile(
        'Open profit',
        figure('pnl', pnl, signed(pnl), pnl < 0 ? 'loss' : pnl > 0 ? 'gain' : ''),
        unpaid ? 'options without an entry at their value' : 'of all positions',
      ),
      tile(
        'Maintenance used',
        figure(`margin.units.${worst}.marginRatio`, used, used === null ? '–' : percent(used)),
        used === null ? 'no collateral' : `${usedBy} at 100 %`,
      ),
      tile(
        `${free < 0 ? 'Short of initial' : 'Free to open'}${several ? ', cross' : ''}`,
        figure('margin.units.0.health.initial', free, money(free), free < 0 ? 'loss' : ''),
        most && most.size > 0 ? `or withdraw ${atMost(most.size)} ${most.asset}` : 'nothing may be withdrawn',
      ),
      tile(
        `${app.state.risk.horizon}-day loss, 1 in ${Math.round(1 / (1 - Number(app.state.risk.confidence)))}`,
        risk ? figure('risk.var', risk.var, money(risk.var)) : h('span', { class: 'soft' }, '–'),
        risk ? shareOf(risk.var, margin.equity) : 'no scenarios',
      ),
    );
  }

  #say(app: App, text: string): void {
    if (app.pending || this.#live.textContent === text) return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#live.textContent = text;
    }, QUIET);
  }
}

const shareOf = (loss: number, equity: number): string =>
  equity > 0 ? `${percent(loss / equity)} of equity` : 'there is no equity';

/** The unit that has used most of its collateral; one that has a requirement and no collateral comes before all. */
export function worstOf(units: AccountMargin['units']): number {
  const used = units.map(({ marginRatio, maintenanceMargin }) =>
    marginRatio === null && maintenanceMargin > 0 ? Number.POSITIVE_INFINITY : (marginRatio ?? -1),
  );
  return used.indexOf(Math.max(...used));
}

const tile = (label: string, value: HTMLElement, note: string): HTMLElement =>
  h('div', { class: 'tile' }, h('dt', {}, label), h('dd', {}, value, h('small', {}, note)));
