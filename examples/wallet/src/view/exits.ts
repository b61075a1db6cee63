// Where the account is liquidated, nearest first: by a price alone, and by all of them together. The headline is the first of them.
import type { App, View } from '../app.ts';
import { byId, figure, fill, h, table } from '../dom.ts';
import { move as moveText, price as priceText } from '../format.ts';
import type { Ahead } from '../measure.ts';
import { unitName } from './names.ts';

/** A way to liquidation. */
export interface Danger {
  /** What moves; null: every price by the same share. */
  of: string | null;
  bucket: number;
  /** Relative move that it takes. */
  move: number;
  price: number | null;
  /** Name of its figure. */
  figure: string;
}

/** All of them, the nearest first. Positions of a unit on one price have one between them. */
export function dangersOf({ exits, joint }: Ahead): Danger[] {
  const all = exits.flatMap(
    ({ of, driver, bucket, mark, down, up, liquidatable }, i): (Danger & { driver: string })[] => {
      if (liquidatable) return [];
      return [
        ...(down === null
          ? []
          : [{ of, driver, bucket, move: down / mark - 1, price: down, figure: `exits.${i}.down` }]),
        ...(up === null ? [] : [{ of, driver, bucket, move: up / mark - 1, price: up, figure: `exits.${i}.up` }]),
      ];
    },
  );
  const seen = new Set<string>();
  const alone = all.filter(({ driver, bucket, move }) => {
    const key = `${bucket} ${driver} ${move < 0}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  // A unit that hangs on one price needs no line for all of them.
  const prices = new Map<number, Set<string>>();
  for (const { bucket, driver } of exits) prices.set(bucket, (prices.get(bucket) ?? new Set()).add(driver));
  const ill = new Set(exits.filter(({ liquidatable }) => liquidatable).map(({ bucket }) => bucket));
  const together = joint.flatMap(({ bucket, down, up }, i): Danger[] => {
    if ((prices.get(bucket)?.size ?? 0) < 2 || ill.has(bucket)) return [];
    return [
      ...(down === null ? [] : [{ of: null, bucket, move: down, price: null, figure: `joint.${i}.down` }]),
      ...(up === null ? [] : [{ of: null, bucket, move: up, price: null, figure: `joint.${i}.up` }]),
    ];
  });
  return [...alone, ...together].sort((a, b) => Math.abs(a.move) - Math.abs(b.move));
}

/** What would heal units that are liquidated now, the nearest first: a price inside of its healthy range. */
export function healsOf({ exits }: Ahead): Danger[] {
  const seen = new Set<string>();
  return exits
    .flatMap(({ of, driver, bucket, mark, down, up, liquidatable }, i): Danger[] => {
      const key = `${bucket} ${driver}`;
      if (!liquidatable || seen.has(key)) return [];
      seen.add(key);
      if (down !== null && down >= mark) {
        return [{ of, bucket, move: down / mark - 1, price: down, figure: `exits.${i}.down` }];
      }
      if (up !== null && up <= mark) return [{ of, bucket, move: up / mark - 1, price: up, figure: `exits.${i}.up` }];
      return [];
    })
    .sort((a, b) => Math.abs(a.move) - Math.abs(b.move));
}

/** In words: BTC-PERP falls 12.3 % to 52,620. */
export const dangerText = ({ of, move, price }: Danger): string => {
  const way = move < 0 ? 'falls' : 'rises';
  const by =
    Math.abs(move) < 0.0005
      ? 'less than 0.1 %'
      : moveText(move)
          .replace(/^[+−]/, '')
          .replace(/^×(.*)/, '$1-fold');
  return of === null ? `every price ${way} ${by}` : `${of} ${way} ${by} to ${priceText(price ?? 0)}`;
};

export class ExitsView implements View {
  readonly #element = byId('exits');

  update(app: App): void {
    this.#element.setAttribute('aria-busy', String(app.pending));
    if (!app.fresh) return;
    const dangers = dangersOf(app.ahead);
    const heals = healsOf(app.ahead);
    const ill = app.ahead.exits.some(({ liquidatable }) => liquidatable);
    if (app.ahead.exits.length === 0) {
      fill(this.#element, h('p', { class: 'empty' }, 'No position and no coin, so no price liquidates the account.'));
      return;
    }
    const none = 'No price, alone or with all others, liquidates the account within a factor of a million.';
    fill(
      this.#element,
      ill &&
        h('h3', {}, heals.length > 0 ? 'No longer liquidated beyond' : 'No price alone heals what is liquidated now'),
      heals.length > 0 && table('Moves that heal, the nearest first', HEADS, heals.map(rowOf), 'numbers'),
      ill && dangers.length > 0 && h('h3', {}, 'Others'),
      dangers.length > 0 && table('Moves that liquidate, the nearest first', HEADS, dangers.map(rowOf), 'numbers'),
      !ill && dangers.length === 0 && h('p', { class: 'empty' }, none),
    );
  }
}

const HEADS = ['If', 'moves by', 'to', 'Margin'];

function rowOf({ of, bucket, move, price, figure: name }: Danger): HTMLElement {
  const near = Math.abs(move) < 0.1 ? 'near' : '';
  const shown = moveText(move);
  return h(
    'tr',
    { class: near || undefined },
    h('th', { scope: 'row', class: of === null ? 'words' : undefined }, of ?? 'every price together'),
    h('td', { class: move < 0 ? 'loss' : 'gain' }, of === null ? figure(name, move, shown) : shown),
    h('td', {}, of === null ? h('span', { class: 'soft' }, '–') : figure(name, price, priceText(price ?? 0))),
    h('td', {}, unitName(bucket)),
  );
}
