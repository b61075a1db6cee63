// One account of the demo under portfolio margin: options on the venue's own bitcoin, margined by the published figures of a
// venue that does so, together and leg by leg. A few lines below the report.
import { accountMargin, Book, type BookJSON, explainScenarios, presets } from '../../scenario.js';
import { count, heading, money, percent } from '../format.js';
import { modelledOf } from '../scenario/modelled.js';
import { pairs } from '../table.js';
import type { Venue } from './venue.js';

const COIN = 'BTC';
const DAYS = 35;
const DAY = 86_400;
/** Strikes as shares of the spot, volatilities, and contracts. */
const LEGS = [
  ['put', 0.85, 0.64, -5],
  ['call', 1.15, 0.57, -5],
  ['call', 1.3, 0.6, 5],
] as const;
const PERPETUAL = 0.4;
const CASH = 200_000;

/** Two digits, as strikes have them. */
const strikeOf = (price: number): number => Number(price.toPrecision(2));

/** The book: an account with all legs, and one for each of them. */
function bookOf(venue: Venue, spot: number): BookJSON {
  const options = LEGS.map(([kind, share, volatility, size]) => {
    const strike = strikeOf(spot * share);
    const market = { id: `${strike}-${kind}`, kind, expiry: 'expiry', strike, volatility, settle: 'cash' };
    return { market, size };
  });
  const perpetual = {
    id: 'perpetual',
    kind: 'linear' as const,
    base: COIN,
    settle: 'cash',
    mark: spot,
    brackets: [{ upTo: null, maintenanceRate: 0 }],
  };
  const positions = [
    ...options.map(({ market, size }) => ({ market: market.id, size })),
    { market: perpetual.id, size: PERPETUAL, entry: spot },
  ];
  const model = presets.paradex({ cash: 'cash' });
  const account = { balances: { cash: CASH }, model: model.id };
  return {
    format: 'margin-kernel/book@1',
    numeraire: venue.numeraire,
    assets: [
      { id: 'cash', price: 1 },
      { id: COIN, price: spot },
    ],
    expiries: [{ id: 'expiry', asset: COIN, seconds: DAYS * DAY, forward: spot }],
    models: [model],
    markets: [...options.map(({ market }) => market), perpetual],
    accounts: [
      { id: 'all', ...account, positions },
      ...positions.map((position) => ({ id: position.market, ...account, positions: [position] })),
    ],
  };
}

/** What the account holds, in words. */
function heldText(spot: number): string {
  const options = LEGS.map(([kind, share, , size]) => {
    return `${size < 0 ? 'short' : 'long'} ${Math.abs(size)} ${kind}s at ${count(strikeOf(spot * share))}`;
  });
  return `${options.join(', ')} of ${DAYS} days; long ${PERPETUAL} of the perpetual at ${count(spot)}`;
}

/** The lines; none where the venue has no bitcoin. */
export function portfolioText(venue: Venue, colour: boolean): string {
  const spot = Number(venue.assets.find(({ id }) => id === COIN)?.price ?? 0);
  if (!(spot > 0)) return '';
  const book = Book.fromJSON(bookOf(venue, spot));
  const { title, version } = book.scenarioModel(0)?.json ?? {};
  const whole = accountMargin(book, 'all').initialMargin;
  let apart = 0;
  for (let a = 1; a < book.accounts; a++) apart += accountMargin(book, a).initialMargin;
  const { decides } = modelledOf(book, 0, explainScenarios(book, 'all'));
  return `\n${heading('One account under portfolio margin', colour)}  ${heldText(spot)}\n${pairs([
    ['legs one by one', money(apart), `${venue.numeraire} of initial margin, by the figures of ${title}, ${version}`],
    ['together', money(whole), `${percent(1 - whole / apart, 0)} less; decided by ${decides}`],
  ])}`;
}
