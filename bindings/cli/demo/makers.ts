// The market makers of a demo venue: they hold the other side of everything that the traders hold, so that the contracts of
// every market sum to zero, as they do on a venue.
import type { AccountJSON, PositionJSON } from '../../book/types.js';
import type { Desk } from './desk.js';
import { at, contractValue, round } from './venue.js';

/** Collateral of a maker as a share of what it holds: enough for a day on which everything halves. */
const CAPITAL = 0.75;

/** How many makers a venue of so many accounts has. A venue of fewer than ten has none, and does not balance. */
export const makersFor = (accounts: number): number => (accounts < 10 ? 0 : Math.max(2, Math.ceil(accounts / 2500)));

/** Makers that share the other side of the traders' lots; the remainder of a division goes to the first. */
export function* makers(desk: Desk, count: number): Generator<AccountJSON> {
  const { venue, net, yesterday } = desk;
  for (let m = 0; m < count; m++) {
    const positions: PositionJSON[] = [];
    const balances: Record<string, number> = {};
    venue.seats.forEach(({ market, lots, path, funding }, i) => {
      const all = -(net[i] as number);
      const share = Math.trunc(all / count);
      const mine = m === 0 ? all - share * (count - 1) : share;
      if (mine === 0) return;
      const entry = at(path, yesterday);
      const position: PositionJSON = { market: market.id, size: mine / lots, entry };
      if (funding) position.fundingIndex = funding[yesterday] as number;
      positions.push(position);
      const held = Math.abs(mine / lots) * contractValue(market, entry, mine < 0);
      balances[market.settle] = round((balances[market.settle] ?? 0) + held * CAPITAL + 0.01, 1_000_000);
    });
    yield { id: `maker-${String(m + 1).padStart(3, '0')}`, balances, positions };
  }
}
