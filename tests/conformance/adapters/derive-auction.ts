// Derive v2: auctions of whole accounts. Integers of 1e-18, but the insolvent auction, whose dollars become units fine enough for any decimal.
import type { Decimal } from 'margin-kernel';
import { decimal, scaled } from 'margin-kernel/venues/decimal';
import type { Integer } from 'margin-kernel/venues/integer';
import * as waterfall from 'margin-kernel/waterfall';
import { type Adapters, type Answer, adapter } from './adapter.js';

/** Of the insolvent auction's dollars. */
const DECIMALS = 30;

type Shape = Omit<waterfall.DiscountCurve, 'kind'>;

interface Sequence extends Shape {
  buffer: Integer;
  actions: { t: Integer; preMtM: Integer; preMM: Integer; percentWant: Integer | null }[];
}

function sequence({ buffer, actions, start, cutoff, fast, slow }: Sequence): Answer {
  const curve: waterfall.DiscountCurve = { kind: 'twoSegment', start, cutoff, fast, slow };
  let auction: waterfall.PortfolioAuction = { curve, started: 0, buffer };
  const steps = actions.map(({ t, preMtM, preMM, percentWant }) => {
    const bid = waterfall.portfolioBuy(auction, { mtm: preMtM, mm: preMM }, { at: t, share: percentWant });
    auction = bid.auction;
    return { ...bid, preBM: bid.bm, percent: bid.share, postMtM: bid.mtm, postMM: bid.mm };
  });
  return { steps };
}

interface Solvent {
  mm: Integer;
  mtm: Integer;
  buffer: Integer;
  reserved: Integer;
  bids: { discount: Integer; percentWant: Integer }[];
}

function solvent({ bids, ...portfolio }: Solvent): Answer {
  const answers = bids.map(({ discount, percentWant }) => waterfall.portfolioBid(portfolio, discount, percentWant));
  return {
    bm: answers[0]?.bm,
    price: answers.map(({ price }) => price),
    fMax: answers.map(({ fMax }) => fMax),
    percent: answers.map(({ share }) => share),
    cash: answers.map(({ cash }) => cash),
  };
}

interface Insolvent {
  mm: Decimal;
  mtm: Decimal;
  T: Integer;
  cases: { t: Integer; pct: Decimal }[];
}

const insolvent = ({ mm, mtm, T, cases }: Insolvent): Answer => {
  const auction = { mm: scaled(mm, DECIMALS), mtm: scaled(mtm, DECIMALS), length: T };
  return {
    paidToBidder: cases.map(({ t, pct }) =>
      decimal(waterfall.insolventBid(auction, { seconds: t, share: pct }).paid, DECIMALS),
    ),
  };
};

export const auctions: Adapters = {
  'auction.curve': adapter<Shape & { t: Integer[] }>(({ t, ...shape }) => ({
    discount: t.map((seconds) => waterfall.auctionPrice({ kind: 'twoSegment', ...shape }, seconds)),
  })),
  'auction.dutch.sequence': adapter<Sequence>(sequence),
  'auction.dutch.solvent': adapter<Solvent>(solvent),
  'auction.insolvent': adapter<Insolvent>(insolvent),
};
