// Places in the deleveraging queue, by the score of a venue, among a crowd that is made up and says so.
import { OTHERS } from '../adl.ts';
import type { App, View } from '../app.ts';
import { byId, choice, figure, fill, h, table } from '../dom.ts';
import { percent, times } from '../format.ts';
import { RULES, type Rule } from '../state.ts';
import { sideName, unitName } from './names.ts';

const RULE_WORDS: Readonly<Record<Rule, string>> = {
  okx: 'OKX',
  bybit: 'Bybit',
  binance: 'Binance',
  bitmex: 'BitMEX',
  hyperliquid: 'Hyperliquid',
};
const RISK_WORDS: Readonly<Record<Rule, string>> = {
  okx: 'Leverage',
  bybit: 'Margin ratio',
  binance: 'Margin ratio',
  bitmex: 'Leverage',
  hyperliquid: 'Leverage',
};
const LIGHTS = 5;

export class AdlView implements View {
  readonly #element = byId('adl');
  readonly #tools = byId('adl-tools');

  update(app: App, structure: boolean): void {
    const { rule } = app.state;
    if (structure || this.#tools.childElementCount === 0) {
      const rules = choice(
        { id: 'rule', onchange: () => app.look({ ...app.state, rule: rules.value as Rule }) },
        RULES.map((r) => [r, RULE_WORDS[r]]),
        rule,
      );
      fill(this.#tools, h('label', {}, 'Score of ', rules));
    }
    this.#element.setAttribute('aria-busy', String(app.pending));
    if (!app.fresh) return;
    const { adl } = app.ahead;
    if (adl.length === 0) {
      fill(this.#element, h('p', { class: 'empty' }, 'No perpetual or future is held.'));
      return;
    }
    const rows = adl.map(({ market, bucket, size, profit, leverage, place, of }, i) => {
      // The light says how much of the queue is closed up to here: a fifth is the front, and all five lamps are lit.
      const lit = LIGHTS + 1 - place.light / 20;
      const lamps = h(
        'span',
        { class: `lamps lit-${lit}`, 'aria-hidden': 'true' },
        ...Array.from({ length: LIGHTS }, () => h('i', {})),
      );
      return {
        rank: place.rank,
        row: h(
          'tr',
          {},
          h('th', { scope: 'row' }, market, h('small', {}, `${sideName(size)}, ${unitName(bucket).toLowerCase()}`)),
          h('td', {}, lamps, h('span', { class: 'aside' }, `${lit} of ${LIGHTS} lamps`)),
          h('td', {}, figure(`adl.${i}.rank`, place.rank, `${place.rank} of ${of}`)),
          h('td', { class: profit < 0 ? 'loss' : '' }, percent(profit)),
          h('td', {}, RISK_WORDS[rule] === 'Leverage' ? times(leverage) : percent(leverage)),
        ),
      };
    });
    rows.sort((a, b) => a.rank - b.rank);
    fill(
      this.#element,
      table(
        'Places in the deleveraging queue',
        ['Position', 'Lamps', 'Place', rule === 'hyperliquid' ? 'Mark / entry' : 'Return', RISK_WORDS[rule]],
        rows.map(({ row }) => row),
        'numbers',
      ),
      h(
        'p',
        { class: 'note' },
        `The score is the venue’s own formula. The ${OTHERS} others on each side are made up, as nobody sees a venue’s queue: read the place as how far in front it would put you.`,
      ),
    );
  }
}
