// Positions and balances as they are typed. What can not be read is said beside the field, with a button that mends it; the numbers
// of the page stay those of the last account that could.
import type { App, View } from '../app.ts';
import { byId, choice, fill, h } from '../dom.ts';
import {
  accountFrom,
  type BalanceRow,
  bucketsOf,
  type Draft,
  draftOf,
  type PositionRow,
  type Problem,
  problemOf,
} from '../draft.ts';
import { accountOf, type State, withAccount } from '../state.ts';
import { unitName } from './names.ts';
import { showFigures } from './row-figures.ts';

const NEW = 'new';

export class EditorView implements View {
  readonly #positions = byId('positions');
  readonly #balances = byId('balances');
  readonly #head = byId('account-head');
  readonly #note = byId('editor-note');
  #app: App | null = null;
  #draft: Draft = { positions: [], balances: [] };
  /** The account that the draft stands for. */
  #shown: unknown = null;

  constructor() {
    byId('add-position').addEventListener('click', () => this.#addPosition());
    byId('add-balance').addEventListener('click', () => this.#addBalance());
  }

  update(app: App, structure: boolean): void {
    this.#app = app;
    const account = accountOf(app.state);
    if (this.#shown !== account || structure) {
      this.#shown = account;
      this.#draft = draftOf(account);
      this.#render();
    }
    showFigures(app, this.#draft, this.#positions);
  }

  #render(): void {
    const app = this.#app as App;
    this.#showHead(app);
    fill(this.#positions, ...this.#draft.positions.map((row, i) => this.#positionRow(app, row, i)));
    fill(this.#balances, ...this.#draft.balances.map((row, i) => this.#balanceRow(app, row, i)));
    byId('no-positions').hidden = this.#draft.positions.length > 0;
    byId('no-balances').hidden = this.#draft.balances.length > 0;
    this.#tell([]);
  }

  #showHead(app: App): void {
    const { state } = app;
    const account = accountOf(state);
    const models = state.venue.models ?? [];
    const accounts = choice(
      { id: 'account', onchange: () => app.change({ ...app.state, account: Number(accounts.value) }) },
      state.accounts.map(({ id }, i) => [String(i), id]),
      String(state.account),
    );
    const model = choice(
      {
        id: 'model',
        onchange: () => {
          const { model: _, ...rest } = accountOf(app.state);
          const next = model.value === '' ? rest : { ...rest, model: model.value };
          const problem = app.change(withAccount(app.state, next));
          if (!problem) return;
          model.value = account.model ?? '';
          this.#note.textContent = 'Bracket tables can not margin options: remove the options first.';
          this.#note.hidden = false;
        },
      },
      [['', 'Bracket tables'], ...models.map(({ id, title }) => [id, title ?? id] as const)],
      account.model ?? '',
    );
    fill(
      this.#head,
      state.accounts.length > 1 && h('label', {}, 'Account ', accounts),
      h('label', {}, 'Margined by ', model),
    );
  }

  #positionRow(app: App, row: PositionRow, i: number): HTMLElement {
    const { markets } = app.state.venue;
    const name = `Position ${i + 1}`;
    const edit = (change: Partial<PositionRow>): void => {
      this.#draft.positions[i] = { ...(this.#draft.positions[i] as PositionRow), ...change };
      this.#commit(`position ${i}`);
    };
    const market = choice(
      {
        'aria-label': `${name}: market`,
        'data-field': `positions.${i}.market`,
        onchange: () => edit({ market: market.value, rest: {}, entry: this.#entryFor(market.value) }),
      },
      markets.filter(({ kind }) => kind !== 'spot').map(({ id }) => [id, id]),
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
    const option = markets.some(({ id, kind }) => id === row.market && (kind === 'call' || kind === 'put'));
    const entry = this.#field(`positions.${i}.entry`, `${name}: entry price`, row.entry, (text) =>
      edit({ entry: text }),
    );
    if (option) entry.placeholder = 'premium';
    else if (row.rest.cost !== undefined) entry.placeholder = 'by cost';
    return h(
      'tr',
      { role: 'row', 'data-row': `positions.${i}` },
      this.#cell('Market', `positions.${i}.market`, market),
      this.#cell('Side', `positions.${i}.side`, side),
      this.#cell(
        'Size',
        `positions.${i}.size`,
        this.#field(`positions.${i}.size`, `${name}: size in contracts`, row.size, (text) => edit({ size: text })),
      ),
      this.#cell('Entry', `positions.${i}.entry`, entry),
      this.#cell(
        'Margin',
        `positions.${i}.bucket`,
        this.#where(`positions.${i}.bucket`, `${name}: margin`, row.bucket, (bucket) => this.#isolate(i, bucket)),
      ),
      this.#output('Mark', `mark.${i}`),
      this.#output('Profit', `profit.${i}`),
      this.#output('Liquidated below', `down.${i}`),
      this.#output('Liquidated above', `up.${i}`),
      h(
        'td',
        { role: 'cell', class: 'act' },
        this.#remove(`Remove position ${i + 1}, ${row.market}`, () => this.#drop('positions', i)),
      ),
    );
  }

  #balanceRow(app: App, row: BalanceRow, i: number): HTMLElement {
    const name = `Balance ${i + 1}`;
    const edit = (change: Partial<BalanceRow>): void => {
      this.#draft.balances[i] = { ...(this.#draft.balances[i] as BalanceRow), ...change };
      this.#commit(`balance ${i}`);
    };
    const asset = choice(
      {
        'aria-label': `${name}: asset`,
        'data-field': `balances.${i}.asset`,
        onchange: () => edit({ asset: asset.value }),
      },
      app.state.venue.assets.map(({ id }) => [id, id]),
      row.asset,
    );
    return h(
      'tr',
      { role: 'row', 'data-row': `balances.${i}` },
      this.#cell('Asset', `balances.${i}.asset`, asset),
      this.#cell(
        'Amount',
        `balances.${i}.amount`,
        this.#field(`balances.${i}.amount`, `${name}: amount`, row.amount, (text) => edit({ amount: text })),
      ),
      this.#cell(
        'Margin',
        `balances.${i}.bucket`,
        this.#where(`balances.${i}.bucket`, `${name}: margin`, row.bucket, (bucket) => edit({ bucket })),
      ),
      h(
        'td',
        { role: 'cell', class: 'act' },
        this.#remove(`Remove balance ${i + 1}, ${row.asset}`, () => this.#drop('balances', i)),
      ),
    );
  }

  #cell(label: string, field: string, control: HTMLElement): HTMLElement {
    control.setAttribute('aria-describedby', `problem-${field}`);
    const problem = h('div', { class: 'problem', id: `problem-${field}`, role: 'alert' });
    return h('td', { role: 'cell', 'data-label': label }, control, problem);
  }

  #output(label: string, name: string): HTMLElement {
    return h('td', { role: 'cell', 'data-label': label, 'data-out': name, class: 'out' });
  }

  #field(field: string, label: string, value: string, edit: (text: string) => void): HTMLInputElement {
    const input = h('input', {
      type: 'text',
      inputmode: 'decimal',
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-label': label,
      'data-field': field,
      value,
      oninput: () => edit(input.value),
    });
    return input;
  }

  /** Cross, the isolated margins that there are, or a new one. */
  #where(field: string, label: string, bucket: number, edit: (bucket: number) => void): HTMLSelectElement {
    const known = bucketsOf(this.#draft);
    const fresh = Math.max(0, ...known) + 1;
    const where = choice(
      {
        'aria-label': label,
        'data-field': field,
        onchange: () => edit(where.value === NEW ? fresh : Number(where.value)),
      },
      [...[0, ...known].map((b) => [String(b), unitName(b)] as const), [NEW, 'New isolated']],
      String(bucket),
    );
    return where;
  }

  #remove(label: string, act: () => void): HTMLElement {
    return h('button', { type: 'button', class: 'quiet', 'aria-label': label, title: 'Remove', onclick: act }, '×');
  }

  /** An entry to begin with: the mark; of an option none. */
  #entryFor(id: string): string {
    const told = this.#app?.state.venue.markets.find((market) => market.id === id);
    return told?.kind === 'call' || told?.kind === 'put' ? '' : String(told?.mark ?? '');
  }

  #addPosition(): void {
    const app = this.#app as App;
    const taken = new Set(this.#draft.positions.map(({ market, bucket }) => `${bucket} ${market}`));
    const model = accountOf(app.state).model;
    const free = app.state.venue.markets.filter(
      ({ kind, id }) => kind !== 'spot' && !taken.has(`0 ${id}`) && (model || (kind !== 'call' && kind !== 'put')),
    );
    const market = free[0];
    if (!market) {
      this.#say('Every market has a cross position already: choose another margin for one, or edit it.');
      return;
    }
    this.#draft.positions.push({
      market: market.id,
      side: 'long',
      size: '0',
      entry: this.#entryFor(market.id),
      bucket: 0,
      rest: {},
    });
    this.#commit('');
    this.#render();
    showFigures(app, this.#draft, this.#positions);
    this.#focus(`positions.${this.#draft.positions.length - 1}.market`);
  }

  #addBalance(): void {
    const app = this.#app as App;
    const taken = new Set(this.#draft.balances.filter(({ bucket }) => bucket === 0).map(({ asset }) => asset));
    const asset = app.state.venue.assets.find(({ id }) => !taken.has(id));
    if (!asset) {
      this.#say('Every asset has a cross balance already.');
      return;
    }
    this.#draft.balances.push({ asset: asset.id, amount: '0', bucket: 0 });
    this.#commit('');
    this.#render();
    showFigures(app, this.#draft, this.#positions);
    this.#focus(`balances.${this.#draft.balances.length - 1}.amount`);
  }

  /** Moves a position to another margin; a new one gets a tenth of the notional out of the cross balance. */
  #isolate(i: number, bucket: number): void {
    const app = this.#app as App;
    const row = this.#draft.positions[i] as PositionRow;
    const told = app.state.venue.markets.find(({ id }) => id === row.market);
    const settle = told?.settle ?? '';
    const fresh = bucket > 0 && !this.#draft.balances.some((b) => b.bucket === bucket);
    if (fresh) {
      const shown = app.now.explanation.units
        .flatMap(({ positions }) => positions)
        .find(({ market }) => market === row.market);
      const asset = app.state.venue.assets.find(({ id }) => id === settle);
      const margin = Math.ceil((shown?.notional ?? 0) / 10 / Number(asset?.price || 1));
      const cross = this.#draft.balances.find((b) => b.bucket === 0 && b.asset === settle);
      if (cross && Number.isFinite(Number(cross.amount))) cross.amount = String(Number(cross.amount) - margin);
      this.#draft.balances.push({ asset: settle, amount: String(margin), bucket });
    }
    this.#draft.positions[i] = { ...row, bucket };
    if (this.#commit('')) {
      this.#render();
      showFigures(app, this.#draft, this.#positions);
    }
    this.#focus(`positions.${i}.bucket`);
  }

  #drop(table: 'positions' | 'balances', i: number): void {
    this.#draft[table].splice(i, 1);
    this.#commit('');
    this.#render();
    showFigures(this.#app as App, this.#draft, this.#positions);
    const rows = this.#draft[table].length;
    const next =
      rows === 0
        ? byId(table === 'positions' ? 'add-position' : 'add-balance')
        : this.#control(`${table}.${Math.min(i, rows - 1)}.${table === 'positions' ? 'market' : 'asset'}`);
    next?.focus();
  }

  /** Reads the draft and, where it is an account, takes it. @returns whether it was taken */
  #commit(kind: string): boolean {
    const app = this.#app as App;
    const read = accountFrom(this.#draft, accountOf(app.state), app.state.venue);
    if (Array.isArray(read)) {
      this.#tell(read);
      return false;
    }
    const next: State = withAccount(app.state, read);
    this.#shown = read;
    const problem = app.change(next, kind, false);
    if (problem) this.#shown = accountOf(app.state);
    this.#tell(problem ? [problemOf(problem, this.#draft, app.state.account)] : []);
    return problem === null;
  }

  /** Shows problems beside their fields; what belongs to none, below the tables. */
  #tell(problems: readonly Problem[]): void {
    for (const node of document.querySelectorAll('#editor [aria-invalid]')) node.removeAttribute('aria-invalid');
    for (const node of document.querySelectorAll('#editor .problem'))
      if (node.textContent !== '') node.replaceChildren();
    const loose: string[] = [];
    for (const { table, row, field, message, mend } of problems) {
      const place = document.getElementById(`problem-${table}.${row}.${field}`);
      const control = this.#control(`${table}.${row}.${field}`);
      if (!place || !control) {
        loose.push(message);
        continue;
      }
      control.setAttribute('aria-invalid', 'true');
      const apply = (): void => {
        if (!mend || !(control instanceof HTMLInputElement)) return;
        control.value = mend.text;
        control.dispatchEvent(new Event('input', { bubbles: true }));
        control.focus();
      };
      fill(place, message, mend ? h('button', { type: 'button', class: 'mend', onclick: apply }, mend.label) : null);
    }
    byId('portfolio').classList.toggle('stale', problems.length > 0);
    const stale = problems.length > 0 ? 'All numbers are those of the last account that could be read.' : '';
    this.#say([...loose, stale].filter((text) => text !== '').join(' '));
  }

  #say(text: string): void {
    this.#note.textContent = text;
    this.#note.hidden = text === '';
  }

  #control(field: string): HTMLElement | null {
    return document.querySelector(`[data-field="${field}"]`);
  }

  #focus(field: string): void {
    this.#control(field)?.focus();
  }
}
