// Positions and balances as they are typed. What can not be read is said beside the field, with a button that mends it; the numbers
// of the page stay those of the last account that could.
import type { App, View } from '../app.ts';
import { byId, choice, fill, h } from '../dom.ts';
import {
  accountFrom,
  type BalanceRow,
  type Draft,
  draftOf,
  type PositionRow,
  type Problem,
  problemOf,
} from '../draft.ts';
import { accountOf, type State, withAccount } from '../state.ts';
import { balanceRow, firstEntry, positionRow, type RowEdits } from './draft-rows.ts';
import { showFigures } from './row-figures.ts';

export class EditorView implements View {
  readonly #positions = byId('positions');
  readonly #balances = byId('balances');
  readonly #head = byId('account-head');
  readonly #note = byId('editor-note');
  #app: App | null = null;
  #draft: Draft = { positions: [], balances: [] };
  /** The account that the draft stands for. */
  #shown: unknown = null;
  readonly #edits: RowEdits = {
    position: (i, change) => {
      Object.assign(this.#draft.positions[i] as PositionRow, change);
      this.#commit(`position ${i}`);
    },
    balance: (i, change) => {
      Object.assign(this.#draft.balances[i] as BalanceRow, change);
      this.#commit(`balance ${i}`);
    },
    isolate: (i, bucket) => this.#isolate(i, bucket),
    remove: (table, i) => this.#drop(table, i),
  };

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
    fill(this.#positions, ...this.#draft.positions.map((_, i) => positionRow(app, this.#draft, i, this.#edits)));
    fill(this.#balances, ...this.#draft.balances.map((_, i) => balanceRow(app, this.#draft, i, this.#edits)));
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
    const had = document.activeElement?.id;
    fill(
      this.#head,
      state.accounts.length > 1 && h('label', {}, 'Account ', accounts),
      h('label', {}, 'Margined by ', model),
    );
    if (had === 'account' || had === 'model') byId(had).focus();
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
      entry: firstEntry(app, market.id),
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
