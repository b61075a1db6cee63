// Places in the deleveraging queue, by the score of a venue, among a crowd that is made up and says so.
import { LAMPS } from '../adl.ts';
import type { App, View } from '../app.ts';
import { byId, choice, figure, fill, h, table } from '../dom.ts';
import { percent, times } from '../format.ts';
import { isIll, MOST_ADL } from '../measure.ts';
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
    const ill = app.now.margin.units.filter(({ status }) => isIll(status)).map(({ bucket }) => unitName(bucket));
    if (adl.length === 0) {
      const none = ill.length > 0 ? 'What is liquidated stands in no queue.' : 'No perpetual or future is held.';
      fill(this.#element, h('p', { class: 'empty' }, none));
      return;
    }
    const rows = adl.map(({ market, bucket, size, profit, leverage, place, lit, of }, i) => {
      const lamps = h(
        'span',
        { class: `lamps lit-${lit}`, 'aria-hidden': 'true' },
        ...Array.from({ length: LAMPS }, () => h('i', {})),
      );
      return {
        rank: place.rank,
        row: h(
          'tr',
          {},
          h('th', { scope: 'row' }, market, h('small', {}, `${sideName(size)}, ${unitName(bucket).toLowerCase()}`)),
          h('td', {}, lamps, h('span', { class: 'aside' }, `${lit} of ${LAMPS} lamps`)),
          h('td', { class: 'words' }, figure(`adl.${i}.rank`, place.rank, `${place.rank} of ${of}`)),
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
        'The score is the venue’s own formula. The others in each queue are made up, as nobody sees a venue’s: read the place as how far in front it would put you.',
        adl.length === MOST_ADL && ` Only the ${MOST_ADL} largest positions are shown.`,
        ill.length > 0 && ` ${ill.join(' and ')}: liquidated now, and in no queue.`,
      ),
    );
  }
}
