// The page's figures as Node has them: the kernel's own calls on the book that the page hands out, none of the page's code but the
// constants of its simulation.
import {
  accountMargin,
  Book,
  type BookJSON,
  explain,
  jointMoves,
  liquidationPrices,
  maxOrder,
  maxWithdraw,
  monteCarlo,
  portfolioRisk,
  profitSurface,
} from 'margin-kernel/var';
import { SURFACE_PRICES, SURFACE_VOLATILITIES } from '../src/measure.ts';
import { simulationOf } from '../src/scenarios.ts';

/** Figures by their name on the page. */
export type Figures = Record<string, number | null>;

/** @param underlyings - what moves, in the order of the page's sliders */
export function expectedOf(json: BookJSON, account: string, underlyings: readonly string[]): Figures {
  const book = Book.fromJSON(json);
  const figures: Figures = {};
  const margin = accountMargin(book, account);
  figures['margin.equity'] = margin.equity;
  margin.units.forEach((unit, i) => {
    figures[`margin.units.${i}.collateral`] = unit.collateral;
    figures[`margin.units.${i}.maintenanceMargin`] = unit.maintenanceMargin;
    figures[`margin.units.${i}.initialMargin`] = unit.initialMargin;
    figures[`margin.units.${i}.health.maintenance`] = unit.health.maintenance;
  });
  const ratios = margin.units.map(({ marginRatio }) => marginRatio ?? -1);
  const worst = ratios.indexOf(Math.max(...ratios));
  figures[`margin.units.${worst}.marginRatio`] = margin.units[worst]?.marginRatio ?? null;
  figures['margin.units.0.health.initial'] = margin.units[0]?.health.initial ?? null;
  for (const { bucket, positions } of explain(book, account).units) {
    for (const { market, side, mark, unrealizedPnl, fundingPnl } of positions) {
      const key = `${bucket}.${market}${side === 'net' ? '' : `.${side}`}`;
      figures[`mark.${key}`] = mark;
      figures[`pnl.${key}`] = unrealizedPnl + fundingPnl;
    }
  }
  liquidationPrices(book, account).forEach(({ down, up }, i) => {
    figures[`exits.${i}.down`] = down;
    figures[`exits.${i}.up`] = up;
  });
  const modelled = json.accounts.find(({ id }) => id === account)?.model !== undefined;
  const isOption = (kind: string): boolean => kind === 'call' || kind === 'put';
  const tradable = json.markets.filter(({ kind }) => kind !== 'spot' && (modelled || !isOption(kind)));
  tradable.forEach(({ id }, i) => {
    figures[`room.${i}.buy.size`] = maxOrder(book, account, { market: id, side: 'buy' }).size;
    figures[`room.${i}.sell.size`] = maxOrder(book, account, { market: id, side: 'sell' }).size;
  });
  const held = json.accounts.find(({ id }) => id === account)?.balances ?? {};
  json.assets
    .filter(({ id }) => Object.hasOwn(held, id))
    .forEach(({ id }, i) => {
      figures[`withdraw.${i}.size`] = maxWithdraw(book, account, id).size;
    });
  const options = { prices: SURFACE_PRICES, volatilities: SURFACE_VOLATILITIES };
  profitSurface(book, account, options).profit.forEach((profit, i) => {
    figures[`surface.profit.${i}`] = profit;
  });
  const scenarios = monteCarlo(simulationOf(underlyings, 1));
  const { var: v, es } = portfolioRisk(book, scenarios, { account, confidence: '0.99' });
  figures['risk.var'] = v;
  figures['risk.es'] = es;
  return figures;
}

/** Where every price moves by the same share. */
export function jointOf(
  json: BookJSON,
  account: string,
  assets: readonly string[],
): { down: number | null; up: number | null }[] {
  const futures = json.markets.filter(({ kind }) => kind === 'linear' || kind === 'inverse');
  return jointMoves(Book.fromJSON(json), account, {
    markets: Object.fromEntries(futures.map(({ id }) => [id, 1])),
    assets: Object.fromEntries(assets.map((id) => [id, 1])),
  }).map(({ down, up }) => ({ down, up }));
}
