// What can still be done: the largest order of each market by side, what may be withdrawn, and an order to try.
import { checkText } from 'margin-kernel/reference/var';
import type { App, View } from '../app.ts';
import { byId, choice, figure, fill, h, table } from '../dom.ts';
import { atMost, money, price as priceText, times } from '../format.ts';
import type { Room } from '../measure.ts';
import { readGrouped, whyNot } from '../number.ts';
import type { Ticket } from '../state.ts';

const BOUNDS = { margin: '', maxSize: 'market’s largest', balance: '', none: 'no bound' } as const;

export class RoomView implements View {
  readonly #room = byId('room');
  readonly #withdraw = byId('withdraw');
  readonly #ticket = byId('ticket');
  readonly #said = byId('verdict-said');
  readonly #verdict = byId('verdict');
  /** A size is being typed that cannot be read: what is wrong with it stays to be read. */
  #typo = false;
  #told = '';

  update(app: App, structure: boolean): void {
    const { room, tradable, withdraw, explanation } = app.now;
    fill(
      this.#room,
      room.length === 0
        ? h('p', { class: 'empty' }, 'The book has no market to trade.')
        : table(
            'Largest order that leaves the account its initial margin',
            ['Market', 'Buy up to', 'Sell up to'],
            room.map(rowOf),
            'numbers',
          ),
    );
    const more = tradable.length - room.length;
    if (more > 0) this.#room.append(h('p', { class: 'note' }, `And ${more} more markets: try an order in them below.`));
    const assets = withdraw.map(({ asset, size }, i) =>
      h('li', {}, figure(`withdraw.${i}.size`, size, atMost(size)), ` ${asset}`),
    );
    fill(this.#withdraw, ...(assets.length > 0 ? assets : [h('li', { class: 'soft' }, 'nothing is deposited')]));
    if (structure || this.#ticket.childElementCount === 0) this.#showTicket(app);
    this.#showVerdict(app, explanation.numeraire);
  }

  #showTicket(app: App): void {
    const { ticket } = app.state;
    const set = (change: Partial<Ticket>): void => {
      app.change({ ...app.state, ticket: { ...app.state.ticket, ...change } }, 'ticket', false);
    };
    const market = choice(
      { 'aria-label': 'Market', onchange: () => set({ market: market.value }) },
      // One that cannot be traded any more stays to be seen, and another can be chosen.
      [...new Set([ticket.market, ...app.now.tradable])].map((id) => [id, id]),
      ticket.market,
    );
    const side = choice(
      { 'aria-label': 'Side', onchange: () => set({ side: side.value as Ticket['side'] }) },
      [
        ['buy', 'Buy'],
        ['sell', 'Sell'],
      ],
      ticket.side,
    );
    const size = h('input', {
      type: 'text',
      inputmode: 'decimal',
      autocomplete: 'off',
      'aria-label': 'Size in contracts',
      'aria-describedby': 'verdict',
      value: String(ticket.size),
      oninput: () => {
        const typed = readGrouped(size.value);
        const good = typeof typed === 'number' && typed >= 0;
        size.setAttribute('aria-invalid', String(!good));
        this.#typo = !good;
        if (good) set({ size: typed });
        else {
          const why = typeof typed === 'number' ? 'A size is a number from 0.' : whyNot(typed);
          this.#say('problem', why);
          fill(this.#verdict);
        }
      },
    });
    this.#typo = false;
    fill(this.#ticket, side, size, market);
  }

  /** Read aloud, so written only when it changes. */
  #say(className: string, first: string, rest = ''): void {
    const told = `${className} ${first}${rest}`;
    if (told === this.#told) return;
    this.#told = told;
    fill(
      this.#said,
      rest === '' ? h('p', { class: className }, first) : h('p', {}, h('b', { class: className }, first), rest),
    );
  }

  #showVerdict(app: App, numeraire: string): void {
    const { verdict, refusal } = app.now;
    if (this.#typo) return;
    if (refusal !== null || !verdict) {
      this.#say(refusal === null ? 'soft' : 'problem', refusal ?? 'A size above 0 is tried.');
      fill(this.#verdict);
      return;
    }
    const { accept, after, liquidationPrice, reservation } = verdict;
    const { down, up } = liquidationPrice;
    const exit = [down === null ? '' : `≤ ${priceText(down)}`, up === null ? '' : `≥ ${priceText(up)}`]
      .filter((x) => x !== '')
      .join(' or ');
    const [className, judged] = accept ? ['gain', 'Would be taken'] : ['loss', 'Would be refused'];
    this.#say(className, judged, ` – ${REASON_WORDS[verdict.reason]}.`);
    const open = this.#verdict.querySelector('details')?.open === true;
    fill(
      this.#verdict,
      h(
        'dl',
        { class: 'legend' },
        item('Takes of what is free', figure('verdict.reservation', reservation, `${money(reservation)} ${numeraire}`)),
        item('Left to open', figure('verdict.after.available', after.available, money(after.available))),
        item('Then liquidated at', h('span', {}, exit === '' ? 'no price' : exit)),
        item('Leverage', h('span', {}, after.equity > 0 ? times(after.notional / after.equity) : '–')),
      ),
      h('details', { open }, h('summary', {}, 'In full'), h('pre', { tabindex: '0' }, checkText(verdict))),
    );
  }
}

const item = (label: string, value: HTMLElement): HTMLElement => h('div', {}, h('dt', {}, label), h('dd', {}, value));

const REASON_WORDS = {
  enoughMargin: 'there is enough initial margin',
  lessRisk: 'the account has too little margin, but the order makes it safer',
  insufficientMargin: 'there would not be enough initial margin',
  moreRisk: 'the account has too little margin and would be riskier',
  offTick: 'the price is not on the market’s tick',
  offLot: 'the size is not a multiple of the market’s lot',
  belowMinNotional: 'it is smaller than the market’s least order',
  aboveMaxSize: 'the position would be beyond the market’s largest',
  notReducing: 'it would not reduce the position',
  wrongSide: 'the side of the position would change',
} as const;

function rowOf({ market, buy, sell }: Room, i: number): HTMLElement {
  const cell = (way: 'buy' | 'sell', { size, notional, bound }: Room['buy']): HTMLElement => {
    const note = BOUNDS[bound] || (size > 0 ? `${money(notional)}` : 'no margin left');
    return h(
      'td',
      {},
      figure(`room.${i}.${way}.size`, size, atMost(size), size > 0 ? '' : 'soft'),
      h('small', {}, note),
    );
  };
  return h('tr', {}, h('th', { scope: 'row' }, market), cell('buy', buy), cell('sell', sell));
}
