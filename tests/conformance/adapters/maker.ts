// Maker: curves, purchases, sizes and rewards of its collateral auctions, its English auction and its debt auction. Whole
// tokens of the last two become units of 1e-18.
import type { Decimal } from 'margin-kernel';
import { decimal, scaled } from 'margin-kernel/venues/decimal';
import type { Integer } from 'margin-kernel/venues/integer';
import * as waterfall from 'margin-kernel/waterfall';
import { type Adapters, type Answer, adapter } from './adapter.js';

const units = (value: Decimal): bigint => scaled(value, 18);
const tokens = (value: bigint): string => decimal(value, 18);
const mapped = <A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));

interface Times {
  t: Integer[];
}
type Shape<K extends waterfall.PriceCurve['kind']> = Omit<Extract<waterfall.PriceCurve, { kind: K }>, 'kind'>;

const curve = <K extends waterfall.PriceCurve['kind']>(kind: K) =>
  adapter<Shape<K> & Times>(({ t, ...shape }) => {
    const curve = { kind, ...shape } as unknown as waterfall.PriceCurve;
    return { price: t.map((seconds) => waterfall.auctionPrice(curve, seconds)) };
  });

const curves: Adapters = {
  'auction.curve/linear': curve('linear'),
  'auction.curve/exponential': curve('exponential'),
  'auction.curve/stairstep': curve('stairstep'),
};

interface Take extends waterfall.DutchLot {
  price: Integer;
  amt: Integer;
}
interface Takes extends waterfall.DutchLot {
  curve: Shape<'stairstep'>;
  fills: { t: Integer; amt: Integer }[];
}

function takes({ curve, fills, ...sale }: Takes): Answer {
  let auction: waterfall.DutchAuction = { ...sale, curve: { kind: 'stairstep', ...curve }, started: 0 };
  const steps = fills.map(({ t, amt }) => {
    const fill = waterfall.dutchBuy(auction, { at: t, amount: amt });
    auction = fill.auction;
    return fill;
  });
  return { steps };
}

export const clip: Adapters = {
  ...curves,
  'auction.take': adapter<Take>(({ price, amt, ...sale }) => ({
    ...waterfall.dutchTake(sale, { amount: amt, price }),
  })),
  'auction.take/sequence': adapter<Takes>(takes),
  'liquidator.incentive': adapter<{ tip: Integer; chip: Integer; tab: Integer }>((reward) => ({
    coin: waterfall.keeperReward(reward),
  })),
};

export const abaci: Adapters = curves;

export const dog: Adapters = {
  'auction.bark': adapter<waterfall.Vault & waterfall.BarkRule>(({ ink, art, rate, ...rule }) => ({
    ...waterfall.bark({ ink, art, rate }, rule),
  })),
};

interface English {
  tab: Decimal;
  lot: Decimal;
  beg: Decimal;
  balances: Record<string, Decimal>;
  tend: [string, Decimal][];
  dent: [string, Decimal][];
}

function english({ tab, lot, beg, balances, tend, dent }: English): Answer {
  const names = { receiver: 'gal', owner: 'usr', holder: 'flip' };
  let auction: waterfall.EnglishAuction = { tab: units(tab), lot: units(lot), beg, ...names };
  let held = mapped(balances, units);
  let returned: Record<string, bigint> = { [names.owner]: 0n };
  const tends = tend.map(([bidder, bid]) => {
    const answer = waterfall.englishTend(auction, { bidder, bid: units(bid) });
    auction = answer.auction;
    held = waterfall.settled(held, answer.transfers, 'money');
    return { accepted: answer.accepted, balances: mapped(held, tokens) };
  });
  const dents = dent.map(([bidder, asked]) => {
    const answer = waterfall.englishDent(auction, { bidder, lot: units(asked) });
    auction = answer.auction;
    returned = waterfall.settled(returned, answer.transfers, 'lot');
    return answer.accepted;
  });
  return {
    tendAccepted: tends.map(({ accepted }) => accepted),
    dentAccepted: dents,
    balances: tends.map((step) => step.balances),
    lotReturned: tokens(returned[names.owner] as bigint),
  };
}

export const flip: Adapters = { 'auction.english': adapter<English>(english) };

interface Debt {
  bid: Decimal;
  lot0: Decimal;
  beg: Decimal;
  pad: Decimal;
  balances: Record<string, Decimal>;
  dents: [string, Decimal][];
}

function debt({ bid, lot0, beg, pad, balances, dents }: Debt): Answer {
  const first: waterfall.DebtAuction = { bid: units(bid), lot: units(lot0), beg, system: 'vow' };
  let auction = first;
  let held = mapped(balances, units);
  const lots = dents.map(([bidder, asked]) => {
    const answer = waterfall.debtBid(auction, { bidder, lot: units(asked) });
    auction = answer.auction;
    held = waterfall.settled(held, answer.transfers, 'money');
    return tokens(auction.lot as bigint);
  });
  const restarted = waterfall.debtRestart(first, { pad }).lot;
  const end = auction.leader ? waterfall.debtDeal(auction) : { winner: null, minted: 0n, raised: 0n };
  return {
    lots: [lot0, ...lots],
    winner: end.winner,
    minted: tokens(end.minted),
    raised: tokens(end.raised),
    balances: mapped(held, tokens),
    lotAfterTick: tokens(restarted),
  };
}

export const flop: Adapters = { 'auction.debt': adapter<Debt>(debt) };
