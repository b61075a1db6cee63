// A position and a balance as rows of fields, each with a place for what is wrong with it. What somebody types or chooses goes to
// the editor, which reads the whole draft again.
import type { App } from '../app.ts';
import { choice, h } from '../dom.ts';
import { type BalanceRow, bucketsOf, type Draft, type PositionRow } from '../draft.ts';
import type { Venue } from '../venue.ts';
import { unitName } from './names.ts';

/** What a row asks of the editor. */
export interface RowEdits {
  /** @param row - number of the row of its table */
  position(row: number, change: Partial<PositionRow>): void;
  balance(row: number, change: Partial<BalanceRow>): void;
  /** Moves a position to another margin, which may be new. */
  isolate(row: number, bucket: number): void;
  remove(table: 'positions' | 'balances', row: number): void;
}

const NEW = 'new';
const isOption = ({ markets }: Venue, id: string): boolean =>
  markets.some((market) => market.id === id && (market.kind === 'call' || market.kind === 'put'));

/** An entry to begin with: the mark of now; of an option none. */
export function firstEntry({ state, opened: { book } }: App, id: string): string {
  return isOption(state.venue, id) ? '' : String(book.store.columns.market.mark[book.market(id)] ?? '');
}

export function positionRow(app: App, draft: Draft, i: number, edits: RowEdits): HTMLElement {
  const row = draft.positions[i] as PositionRow;
  const name = `Position ${i + 1}`;
  const edit = (change: Partial<PositionRow>): void => edits.position(i, change);
  const market = choice(
    {
      'aria-label': `${name}: market`,
      'data-field': `positions.${i}.market`,
      onchange: () => edit({ market: market.value, rest: {}, entry: firstEntry(app, market.value) }),
    },
    app.state.venue.markets.filter(({ kind }) => kind !== 'spot').map(({ id }) => [id, id]),
    row.market,
  );
  const side = choice(
    {
      'aria-label': `${name}: side`,
      'data-field': `positions.${i}.side`,
      onchange: () => edit({ side: side.value as PositionRow['side'] }),
    },
    [
      ['long', 'Long'],
      ['short', 'Short'],
    ],
    row.side,
  );
  if (row.rest.side) side.disabled = true;
  const size = field(`positions.${i}.size`, `${name}: size in contracts`, row.size, (text) => edit({ size: text }));
  const entry = field(`positions.${i}.entry`, `${name}: entry price`, row.entry, (text) => edit({ entry: text }));
  if (isOption(app.state.venue, row.market)) entry.placeholder = 'premium';
  else if (row.rest.cost !== undefined) entry.placeholder = 'by cost';
  const margin = where(draft, `positions.${i}.bucket`, `${name}: margin`, row.bucket, (bucket) =>
    edits.isolate(i, bucket),
  );
  return h(
    'tr',
    { role: 'row', 'data-row': `positions.${i}` },
    cell('Market', `positions.${i}.market`, market),
    cell('Side', `positions.${i}.side`, side),
    cell('Size', `positions.${i}.size`, size),
    cell('Entry', `positions.${i}.entry`, entry),
    cell('Margin', `positions.${i}.bucket`, margin),
    output('Mark', `mark.${i}`),
    output('Profit', `profit.${i}`),
    output('Liquidated below', `down.${i}`),
    output('Liquidated above', `up.${i}`),
    remove(`Remove position ${i + 1}, ${row.market}`, () => edits.remove('positions', i)),
  );
}

export function balanceRow(app: App, draft: Draft, i: number, edits: RowEdits): HTMLElement {
  const row = draft.balances[i] as BalanceRow;
  const name = `Balance ${i + 1}`;
  const edit = (change: Partial<BalanceRow>): void => edits.balance(i, change);
  const asset = choice(
    {
      'aria-label': `${name}: asset`,
      'data-field': `balances.${i}.asset`,
      onchange: () => edit({ asset: asset.value }),
    },
    app.state.venue.assets.map(({ id }) => [id, id]),
    row.asset,
  );
  const amount = field(`balances.${i}.amount`, `${name}: amount`, row.amount, (text) => edit({ amount: text }));
  const margin = where(draft, `balances.${i}.bucket`, `${name}: margin`, row.bucket, (bucket) => edit({ bucket }));
  return h(
    'tr',
    { role: 'row', 'data-row': `balances.${i}` },
    cell('Asset', `balances.${i}.asset`, asset),
    cell('Amount', `balances.${i}.amount`, amount),
    cell('Margin', `balances.${i}.bucket`, margin),
    remove(`Remove balance ${i + 1}, ${row.asset}`, () => edits.remove('balances', i)),
  );
}

function cell(label: string, name: string, control: HTMLElement): HTMLElement {
  control.setAttribute('aria-describedby', `problem-${name}`);
  const problem = h('div', { class: 'problem', id: `problem-${name}`, role: 'alert' });
  return h('td', { role: 'cell', 'data-label': label }, control, problem);
}

const output = (label: string, name: string): HTMLElement =>
  h('td', { role: 'cell', 'data-label': label, 'data-out': name, class: 'out' });

function remove(label: string, act: () => void): HTMLElement {
  const props = { type: 'button', class: 'quiet', 'aria-label': label, title: 'Remove', onclick: act };
  return h('td', { role: 'cell', class: 'act' }, h('button', props, '×'));
}

function field(name: string, label: string, value: string, edit: (text: string) => void): HTMLInputElement {
  const input = h('input', {
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-label': label,
    'data-field': name,
    value,
    oninput: () => edit(input.value),
  });
  return input;
}

/** Cross, the isolated margins that there are, or a new one. */
function where(
  draft: Draft,
  name: string,
  label: string,
  bucket: number,
  edit: (bucket: number) => void,
): HTMLSelectElement {
  const known = bucketsOf(draft);
  const fresh = Math.max(0, ...known) + 1;
  const select = choice(
    {
      'aria-label': label,
      'data-field': name,
      onchange: () => edit(select.value === NEW ? fresh : Number(select.value)),
    },
    [...[0, ...known].map((b) => [String(b), unitName(b)] as const), [NEW, 'New isolated']],
    String(bucket),
  );
  return select;
}
