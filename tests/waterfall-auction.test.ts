// Auctions: published sequences, and what must hold of every price, purchase, refund, award and bid.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../bindings/waterfall/auction/sha256.js';
import * as waterfall from '../bindings/waterfall/index.js';
import { evaluateWith, examplesOf } from './examples.js';
import { refusal } from './refusal.js';

const {
  allocate,
  auctionPrice,
  bark,
  commitBid,
  debtBid,
  debtDeal,
  debtRestart,
  dutchBuy,
  dutchReset,
  dutchStatus,
  dutchTake,
  englishDeal,
  englishDent,
  englishRestart,
  englishTend,
  insolventBid,
  juniority,
  MarginError,
  openBids,
  portfolioBid,
  portfolioBuy,
  rayPower,
  reverseDutch,
  sealedAuction,
  settled,
} = waterfall;

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20200312), numRuns: 300 });

const WAD = 10n ** 18n;
const RAY = 10n ** 27n;
const RAD = 10n ** 45n;
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, part) => total + part, 0n);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

describe('examples', () => {
  const evaluate = evaluateWith(waterfall);
  const examples = examplesOf('waterfall/auction/');

  it('are there', () => expect(examples.length).toBeGreaterThan(20));

  it.each(examples)('$name', ({ expression, result }) => {
    expect(evaluate(expression)).toEqual(evaluate(result));
  });
});

const ray = fc.bigInt(0n, RAY);
const seconds = fc.bigInt(0n, 100_000n);
const top = fc.bigInt(0n, 10n ** 34n);
const curves: fc.Arbitrary<waterfall.Curve> = fc.oneof(
  fc.record({ kind: fc.constant('linear' as const), top, tau: seconds }),
  fc.record({ kind: fc.constant('exponential' as const), top, cut: ray }),
  fc.record({ kind: fc.constant('stairstep' as const), top, cut: ray, step: fc.bigInt(1n, 1000n) }),
  fc
    .record({ ends: fc.tuple(fc.bigInt(0n, WAD), fc.bigInt(0n, WAD)), fast: seconds, slow: seconds })
    .map(({ ends: [a, b], fast, slow }) => {
      return { kind: 'twoSegment' as const, start: max(a, b), cutoff: a < b ? a : b, fast, slow };
    }),
);

describe('a curve', () => {
  it('has the prices that Maker asserts digit by digit', () => {
    const clip = { kind: 'stairstep' as const, top: 5n * RAY, cut: (99n * RAY) / 100n, step: 1 };
    expect(auctionPrice(clip, 60)).toBe(2735783211953807380973706855n);
    expect(auctionPrice(clip, 100)).toBe(1830161706366147524653080130n);
    expect(rayPower(RAY / 2n, 0)).toBe(RAY);
    expect(rayPower(0n, 3)).toBe(0n);
  });

  it('never rises, and never falls below 0', () => {
    fc.assert(
      fc.property(curves, seconds, seconds, (curve, a, b) => {
        const [early, late] = [auctionPrice(curve, a < b ? a : b), auctionPrice(curve, max(a, b))];
        expect(early >= late && late >= 0n).toBe(true);
      }),
    );
  });

  it('does not rise while its second does by one, where every product is rounded', () => {
    fc.assert(
      fc.property(fc.bigInt(RAY - 10n ** 12n, RAY), fc.bigInt(0n, 5000n), (cut, t) => {
        const curve = { kind: 'exponential' as const, top: 10n ** 34n, cut };
        expect(auctionPrice(curve, t) >= auctionPrice(curve, t + 1n)).toBe(true);
      }),
    );
  });

  it('is refused where it would rise', () => {
    const steep = { kind: 'exponential' as const, top: 1n, cut: RAY + 1n };
    expect(refusal(() => auctionPrice(steep, 1))).toMatch(/range at curve.cut/);
    const up = { kind: 'twoSegment' as const, start: 1n, cutoff: 2n, fast: 1, slow: 1 };
    expect(refusal(() => auctionPrice(up, 1))).toMatch(/range at curve.cutoff/);
    expect(refusal(() => auctionPrice({ ...steep, kind: 'stairsteps' as never }, 1))).toMatch(
      /Did you mean "stairstep"/,
    );
    expect(refusal(() => auctionPrice({ ...steep, cut: RAY }, -1))).toMatch(/range at seconds/);
  });
});

const sales = fc.record({ lot: fc.bigInt(0n, 1000n), tab: fc.bigInt(0n, 1000n), chost: fc.bigInt(0n, 100n) });

describe('a Dutch auction', () => {
  it('conserves lot and debt, and leaves no debt that is too small', () => {
    fc.assert(
      fc.property(sales, fc.bigInt(0n, 1200n), fc.bigInt(0n, 50n), (sale, amount, price) => {
        let take: waterfall.DutchTake;
        try {
          take = dutchTake(sale, { amount, price });
        } catch (error) {
          if (!(error instanceof MarginError)) throw error;
          expect(sale.tab <= sale.chost && amount < sale.lot).toBe(true);
          return;
        }
        expect(take.slice + take.lot + take.returned).toBe(sale.lot);
        expect(take.owe + take.tab + take.badTab).toBe(sale.tab);
        expect(take.slice <= amount && take.owe <= sale.tab).toBe(true);
        expect(take.ended || take.owe === 0n || take.tab >= sale.chost).toBe(true);
      }),
    );
  });

  it('that is bought whole costs no less than in two parts of the same second, but for a unit of price each', () => {
    fc.assert(
      fc.property(sales, fc.bigInt(0n, 600n), fc.bigInt(0n, 600n), fc.bigInt(1n, 9n), (sale, a, b, price) => {
        const open = { ...sale, chost: 0n };
        const once = dutchTake(open, { amount: a + b, price });
        const first = dutchTake(open, { amount: a, price });
        const second = dutchTake({ lot: first.lot, tab: first.tab }, { amount: b, price });
        expect(first.owe + second.owe).toBe(once.owe);
        expect(once.slice - first.slice - second.slice <= 1n && first.slice + second.slice <= once.slice).toBe(true);
      }),
    );
  });

  const auction: waterfall.DutchAuction = {
    ...{ lot: 40n * WAD, tab: 110n * RAD, chost: 22n * RAD, started: 1000 },
    curve: { kind: 'stairstep', top: 5n * RAY, cut: (99n * RAY) / 100n, step: 1 },
    reset: { tail: 3600, cusp: (3n * RAY) / 10n },
  };

  it('is stale after its tail and below its cusp, and not at either (clip.sol status)', () => {
    const slow: waterfall.DutchAuction = { ...auction, curve: { kind: 'linear', top: 10n * RAY, tau: 10_000 } };
    expect(dutchStatus(slow, 4600).stale).toBe(false);
    expect(dutchStatus(slow, 4601).stale).toBe(true);
    const never = { ...slow, reset: { tail: 10_000, cusp: (3n * RAY) / 10n } };
    expect(dutchStatus(never, 8000)).toEqual({ price: 3n * RAY, stale: false });
    expect(dutchStatus(never, 8001).stale).toBe(true);
  });

  it('is bought from, goes stale and starts anew with what is left', () => {
    const first = dutchBuy(auction, { at: 1000, amount: 10n * WAD, max: 5n * RAY });
    expect([first.owe, first.tab]).toEqual([50n * RAD, 60n * RAD]);
    expect(refusal(() => dutchBuy(first.auction, { at: 1000, amount: 1n, max: 5n * RAY - 1n }))).toMatch(
      /purchase.max/,
    );
    expect(refusal(() => dutchBuy(first.auction, { at: 4601, amount: 1n }))).toMatch(/Start it anew first/);
    const fresh = { price: 4n * RAY, buf: (5n * RAY) / 4n, tip: RAD, chip: WAD / 50n };
    expect(refusal(() => dutchReset(first.auction, { at: 1001, ...fresh }))).toMatch(/restart.at/);
    const { auction: again, reward } = dutchReset(first.auction, { at: 4601, ...fresh });
    expect(reward).toBe(RAD + (60n * RAD) / 50n);
    expect(dutchStatus(again, 4601)).toEqual({ price: 5n * RAY, stale: false });
    expect([again.lot, again.tab]).toEqual([30n * WAD, 60n * RAD]);
    const dust = { ...first.auction, tab: 22n * RAD - 1n };
    expect(dutchReset(dust, { at: 4601, ...fresh }).reward).toBe(0n);
  });

  it('takes no more of a vault than the caps admit, unless dust would stay', () => {
    const vault = { ink: 40n * WAD, art: 100n * WAD, rate: RAY };
    const rule = { Hole: 75n * RAD, Dirt: 0n, hole: 1000n * RAD, dirt: 0n, chop: (11n * WAD) / 10n, dust: 20n * RAD };
    const caps = fc.record({ Hole: fc.bigInt(1n, 200n), Dirt: fc.bigInt(0n, 50n), chop: fc.bigInt(100n, 150n) });
    fc.assert(
      fc.property(caps, ({ Hole, Dirt, chop }) => {
        const part = { ...rule, Hole: Hole * RAD, Dirt: Dirt * RAD, chop: (chop * WAD) / 100n };
        const call = (): waterfall.Bark => bark(vault, part);
        if (Hole <= Dirt) return void expect(refusal(call)).toMatch(/rule.Dirt/);
        try {
          const { dart, lot, tab, artLeft, inkLeft } = call();
          expect([dart + artLeft, lot + inkLeft]).toEqual([vault.art, vault.ink]);
          expect(artLeft === 0n || tab <= part.Hole - part.Dirt).toBe(true);
          expect(artLeft === 0n || artLeft * RAY >= rule.dust).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(MarginError);
        }
      }),
    );
    expect(refusal(() => bark({ ...vault, ink: 0n }, rule))).toMatch(/vault.ink/);
    expect(refusal(() => bark({ ...vault, art: 0n }, rule))).toMatch(/vault.art/);
  });
});

describe('an auction of a whole account', () => {
  const money = fc.bigInt(1n, 10n ** 24n);
  const accounts = fc
    .record({ mtm: money, short: money, margin: money, reserved: fc.bigInt(0n, 10n ** 20n) })
    .map(({ mtm, short, margin, reserved }) => ({ mtm: mtm + reserved, mm: -short, buffer: margin % WAD, reserved }));

  it('brings the margin to 0 with fMax, to the dust of a share, and never beyond', () => {
    fc.assert(
      fc.property(accounts, fc.bigInt(0n, WAD), fc.bigInt(0n, WAD), (account, discount, want) => {
        const most = portfolioBid(account, discount, WAD);
        const margin = most.mm + ((most.mm - most.mtm) * account.buffer) / WAD;
        const dust = (max(-most.bm, account.mtm) * 3n) / WAD + 8n;
        expect(margin >= -dust && margin <= dust).toBe(true);
        const some = portfolioBid(account, discount, want);
        expect(some.share).toBe(want < most.fMax ? want : most.fMax);
        expect(some.reserved).toBe(account.reserved + some.cash);
        expect(some.mm + ((some.mm - some.mtm) * account.buffer) / WAD <= dust).toBe(true);
      }),
    );
  });

  it('sells nothing of an account that has its margin, and nothing to who only asks', () => {
    expect(portfolioBid({ mtm: 10n, mm: 0n, buffer: 0n }, WAD, WAD)).toMatchObject({ fMax: 0n, cash: 0n, mtm: 10n });
    expect(portfolioBid({ mtm: 300n, mm: -100n, buffer: 0n }, WAD, null)).toMatchObject({
      price: 300n,
      share: 0n,
      mm: -100n,
    });
    expect(portfolioBid({ mtm: 0n, mm: 0n, buffer: 0n }, 0n, WAD).share).toBe(0n);
    expect(refusal(() => portfolioBid({ mtm: -100n, mm: -50n, buffer: 0n }, WAD, WAD))).toMatch(/mm must not be above/);
    expect(refusal(() => portfolioBid({ mtm: 1n, mm: -1n, buffer: 0n }, WAD, -1n))).toMatch(/range at want/);
  });

  it('gives the second bidder of a second the price without the cash of the first', () => {
    const curve = { kind: 'twoSegment' as const, start: WAD, cutoff: (8n * WAD) / 10n, fast: 600, slow: 7200 };
    const first = portfolioBuy(
      { curve, started: 0, buffer: 0n },
      { mtm: 6000n * WAD, mm: -10_000n * WAD },
      { at: 600, share: (3n * WAD) / 10n },
    );
    const second = portfolioBuy(first.auction, { mtm: first.mtm, mm: first.mm }, { at: 600, share: WAD });
    expect(second.price).toBe(3360n * WAD);
    expect(second.cash).toBe(1803243243243243241440n);
  });

  it('that is insolvent pays more with every second, between its ends, out of the fund first', () => {
    const mark = fc.bigInt(-(10n ** 24n), 10n ** 24n);
    fc.assert(
      fc.property(mark, mark, seconds, seconds, money, (a, b, now, length, fund) => {
        const auction = { mm: a < b ? a : b, mtm: max(a, b), length };
        const bid = insolventBid(auction, { seconds: now, share: '1/3', fund });
        const later = insolventBid(auction, { seconds: now + 1n, share: '1/3', fund });
        expect(later.paid >= bid.paid && bid.price <= 0n && bid.price >= (a < 0n || b < 0n ? auction.mm : 0n)).toBe(
          true,
        );
        expect(bid.fromFund + bid.printed).toBe(bid.paid);
        expect(bid.fromFund === fund || bid.printed === 0n).toBe(true);
      }),
    );
  });

  it('is refused where its margin is above its value, solvent or not', () => {
    const marks = { mm: -50n, mtm: -100n };
    const seconds = { seconds: 5, share: 1 };
    expect(refusal(() => insolventBid({ ...marks, length: 10 }, seconds))).toMatch(
      /range at auction\.mm: got -50n, expected at most -100\. mm must not be above mtm/,
    );
    expect(insolventBid({ mm: -100n, mtm: -100n, length: 10 }, seconds).price).toBe(-100n);
    const curve = { kind: 'twoSegment' as const, start: WAD, cutoff: WAD, fast: 600, slow: 7200 };
    const at = { at: 0, share: null };
    expect(refusal(() => portfolioBuy({ curve, started: 0, buffer: 0n }, marks, at))).toMatch(/range at marks\.mm/);
    expect(refusal(() => portfolioBid({ mtm: -1n, mm: -1n, buffer: 0n }, WAD, null))).toMatch(/insolventBid/);
  });
});

describe('a reverse Dutch auction', () => {
  it('never seizes more than there is, nor more than the discount gives', () => {
    const price = fc.bigInt(0n, 1000n);
    const part = fc.bigInt(0n, 100n).map((percent) => `${percent}/100`);
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 9n), price, part, fc.bigInt(1n, 10n ** 9n), price, part, (...given) => {
        const [collateral, collateralPrice, liquidationLtv, debt, owed, maxDiscount] = given;
        const debtPrice = owed + 1n;
        const account = { collateral, collateralPrice, liquidationLtv, debt, debtPrice, maxDiscount };
        const weighed = collateral * collateralPrice * BigInt(liquidationLtv.split('/')[0]!);
        if (weighed > debt * debtPrice * 100n)
          return void expect(refusal(() => reverseDutch(account))).toMatch(/healthy/);
        const { repay, seize, badDebt, discount } = reverseDutch(account);
        expect(seize <= collateral && repay <= debt && badDebt >= 0n).toBe(true);
        expect(badDebt === 0n || (seize === collateral && badDebt === debt - repay)).toBe(true);
        // What is repaid is worth at least the collateral at its discount.
        const { numerator, denominator } = discount;
        expect(repay * debtPrice * denominator >= seize * collateralPrice * (denominator - numerator)).toBe(true);
      }),
    );
  });

  it('takes worthless collateral for nothing and leaves the debt', () => {
    const account = {
      collateral: 5n,
      collateralPrice: 0,
      liquidationLtv: '0.9',
      debt: 7n,
      debtPrice: 1,
      maxDiscount: 1,
    };
    expect(reverseDutch(account)).toMatchObject({ repay: 0n, seize: 5n, badDebt: 7n });
  });
});

describe('an English auction', () => {
  const names = { receiver: 'gal', owner: 'usr', holder: 'flip' };
  const bidder = fc.constantFrom('ali', 'bob', 'cat');
  const offers = fc.array(fc.tuple(bidder, fc.bigInt(0n, 120n)), { maxLength: 30 });

  it('refunds whoever is outbid: balances keep their sum, and only the leader has paid', () => {
    fc.assert(
      fc.property(offers, offers, (tends, dents) => {
        let auction: waterfall.EnglishAuction = { tab: 100n, lot: 100n, beg: '1.05', ...names };
        let [money, lots]: Record<string, bigint>[] = [
          { ali: 0n, bob: 0n, cat: 0n, gal: 0n },
          { flip: 100n, usr: 0n },
        ];
        for (const [who, bid] of tends) {
          const answer = englishTend(auction, { bidder: who, bid });
          if (!answer.accepted) expect([answer.auction, answer.transfers]).toEqual([auction, []]);
          auction = answer.auction;
          money = settled(money!, answer.transfers, 'money');
        }
        for (const [who, lot] of dents) {
          const answer = englishDent(auction, { bidder: who, lot });
          auction = answer.auction;
          money = settled(money!, answer.transfers, 'money');
          lots = settled(lots!, answer.transfers, 'lot');
        }
        expect(sum(Object.values(money!))).toBe(0n);
        const paid = auction.leader ? { [auction.leader]: -BigInt(auction.bid!) } : {};
        expect(money).toEqual({ ...{ ali: 0n, bob: 0n, cat: 0n }, gal: BigInt(auction.bid ?? 0), ...paid });
        expect(lots).toEqual({ flip: auction.lot, usr: 100n - BigInt(auction.lot) });
      }),
    );
  });

  it('says why a bid is refused, and lets the last of the debt be bid without the step', () => {
    const at49: waterfall.EnglishAuction = { tab: 50n, lot: 100n, beg: '1.05', bid: 49n, leader: 'ali', ...names };
    const tend = (bid: bigint): unknown => englishTend(at49, { bidder: 'bob', bid }).reason;
    expect([tend(51n), tend(49n), tend(50n)]).toEqual(['aboveTab', 'notBetter', null]);
    expect(englishTend({ ...at49, tab: 60n }, { bidder: 'bob', bid: 51n }).reason).toBe('stepTooSmall');
    const dent = (auction: waterfall.EnglishAuction, lot: bigint): unknown =>
      englishDent(auction, { bidder: 'bob', lot }).reason;
    expect(dent(at49, 90n)).toBe('belowTab');
    const full = { ...at49, bid: 50n };
    expect([dent(full, 100n), dent(full, 99n), dent(full, 95n)]).toEqual(['notBetter', 'stepTooSmall', null]);
  });

  it('keeps its times (flip.sol: a bid stands for ttl, all ends after tau)', () => {
    const clock = { end: 100, ttl: 10 };
    const auction: waterfall.EnglishAuction = { tab: 50n, lot: 100n, beg: 1, ...names, clock };
    expect(englishTend(auction, { bidder: 'ali', bid: 1n, at: 100 }).reason).toBe('closed');
    expect(englishRestart(auction, { at: 101, tau: 50 }).clock).toEqual({ end: 151n, ttl: 10 });
    const led = englishTend(auction, { bidder: 'ali', bid: 1n, at: 20 }).auction;
    expect(englishTend(led, { bidder: 'bob', bid: 2n, at: 30 }).reason).toBe('closed');
    expect(refusal(() => englishDeal(led, 30))).toMatch(/somebody has won/);
    expect(englishDeal(led, 31)).toEqual([{ from: 'flip', to: 'ali', asset: 'lot', amount: 100n }]);
    expect(refusal(() => englishTend(auction, { bidder: 'ali', bid: 1n }))).toMatch(/missing-key at at/);
    expect(refusal(() => englishTend({ ...auction, beg: '0.9' }, { bidder: 'a', bid: 1n, at: 1 }))).toMatch(
      /auction.beg/,
    );
  });
});

describe('a debt auction', () => {
  it('mints for the lowest bidder, and everybody else has its money back (flop.t.sol)', () => {
    let auction: waterfall.DebtAuction = { bid: 10n, lot: 200n, beg: '1.05', system: 'vow' };
    let money: Record<string, bigint> = { ali: 200n, bob: 200n, vow: 0n };
    for (const [bidder, lot] of [
      ['ali', 100n],
      ['bob', 99n],
      ['bob', 80n],
    ] as const) {
      const answer = debtBid(auction, { bidder, lot });
      auction = answer.auction;
      money = settled(money, answer.transfers, 'money');
    }
    expect(money).toEqual({ ali: 200n, bob: 190n, vow: 10n });
    expect(debtDeal(auction)).toEqual({ winner: 'bob', minted: 80n, raised: 10n });
    expect(refusal(() => debtRestart(auction, { pad: 2 }))).toMatch(/without a bid/);
    expect(debtRestart({ bid: 1n, lot: 3n, beg: 1, system: 'vow' }, { pad: '1.5' }).lot).toBe(4n);
  });
});

const bids = fc.array(
  fc.record({
    bidder: fc.constantFrom('1', '2', '3', '4', '10'),
    price: fc.bigInt(-10n, 10n),
    units: fc.bigInt(1n, 20n),
    at: fc.integer({ min: 0, max: 2 }),
  }),
  { maxLength: 12 },
);

describe('a sealed auction', () => {
  it('sells all it can, to the best prices, whatever the order of the bids', () => {
    fc.assert(
      fc.property(bids, fc.bigInt(1n, 60n), fc.option(fc.bigInt(-5n, 5n)), (given, units, reserve) => {
        const rule = { type: 'multi' as const, units, reserve };
        const result = sealedAuction(given, rule);
        const valid = given.filter(({ price }) => reserve === null || price >= reserve);
        const wanted = sum(valid.map((bid) => bid.units));
        expect(result.sold).toBe(wanted < units ? wanted : units);
        expect(result.sold + result.unsold).toBe(units);
        expect(sum(result.awards.map((award) => award.units))).toBe(result.sold);
        expect(sum(result.awards.map((award) => award.pays))).toBe(result.proceeds);
        // No other sale of as many units brings in more.
        const best = valid.flatMap(({ price, units: n }) => new Array<bigint>(Number(n)).fill(price));
        best.sort((a, b) => (a > b ? -1 : a < b ? 1 : 0));
        expect(result.proceeds).toBe(sum(best.slice(0, Number(units))));
        expect(sealedAuction([...given].reverse(), rule)).toEqual(result);
        const uniform = sealedAuction(given, { ...rule, price: 'uniform' });
        expect(uniform.proceeds).toBe(result.sold * (result.clearing ?? 0n));
        expect(uniform.proceeds <= result.proceeds).toBe(true);
      }),
    );
  });

  it('gives the same for a bid and for its parts', () => {
    fc.assert(
      fc.property(bids, fc.bigInt(1n, 60n), (given, units) => {
        const parts = given.flatMap((bid) =>
          bid.units < 2n
            ? [bid]
            : [
                { ...bid, units: 1n },
                { ...bid, units: bid.units - 1n },
              ],
        );
        const rule = { type: 'multi' as const, units };
        expect(sealedAuction(parts, rule)).toEqual(sealedAuction(given, rule));
      }),
    );
  });

  it('of one unit goes to the best price, then the earliest, then the lower id, and may cost the house', () => {
    const single = (given: waterfall.SealedBid[]): unknown => sealedAuction(given, { type: 'single' }).awards;
    expect(
      single([
        { bidder: 'a', price: -7n },
        { bidder: 'b', price: -5n },
      ]),
    ).toEqual([{ bidder: 'b', units: 1n, price: -5n, pays: -5n }]);
    expect(
      single([
        { bidder: 'a', price: 1n, at: 2 },
        { bidder: 'b', price: 1n, at: 1 },
      ]),
    ).toMatchObject([{ bidder: 'b' }]);
    expect(
      single([
        { bidder: '10', price: 1n },
        { bidder: '9', price: 1n },
      ]),
    ).toMatchObject([{ bidder: '9' }]);
    const none = sealedAuction([{ bidder: 'a', price: -7n }], { type: 'single', reserve: -5n });
    expect(none).toMatchObject({ awards: [], clearing: null, unsold: 1n, proceeds: 0n });
    expect(refusal(() => sealedAuction([{ bidder: 'a', price: 1n, units: 2n }], { type: 'single' }))).toMatch(
      /conflict/,
    );
    expect(refusal(() => sealedAuction([], { type: 'multi', units: 0n }))).toMatch(/range at rule.units/);
  });

  it('makes those junior who did not bid well: their contributions go first', () => {
    const mandatory = ['none', 'poor', 'low', 'behind', 'tied', 'won'].map((id) => ({ id, minUnits: 5n }));
    const { quality } = sealedAuction(
      [
        { bidder: 'poor', price: 9n, units: 4n },
        { bidder: 'low', price: -9n, units: 5n },
        { bidder: 'behind', price: 3n, units: 5n },
        { bidder: 'tied', price: 4n, units: 5n, at: 1 },
        { bidder: 'won', price: 4n, units: 6n },
      ],
      { type: 'multi', units: 10n, reserve: 0n, mandatory },
    );
    expect(quality.map((bid) => bid.quality)).toEqual(['none', 'poor', 'poor', 'behind', 'competitive', 'competitive']);
    const fund = [...mandatory, { id: 'exempt' }].map(({ id }) => ({ id, capacity: 10n }));
    const asked = juniority(quality, fund);
    expect(asked.map(({ group }) => group)).toEqual([0, 0, 0, 1, 2, 2, 2]);
    expect(allocate(46n, asked, { method: 'juniority' }).shares).toEqual([10n, 10n, 10n, 10n, 2n, 2n, 2n]);
    expect(refusal(() => juniority([...quality, ...quality], fund))).toMatch(/duplicate at quality\[6\].id/);
    const twice = { type: 'single' as const, mandatory: [{ id: 'a' }, { id: 'a' }] };
    expect(refusal(() => sealedAuction([], twice))).toMatch(/duplicate at rule.mandatory\[1\].id/);
  });
});

describe('a commitment', () => {
  it('hashes as everybody else does', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (text) => {
        expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
      }),
    );
  });

  it('opens to the bid that was committed to, by its bidder, once', () => {
    const salt = 'sixteen letters!';
    const bid = { bidder: 'a', price: -5n, units: 2n, salt };
    const commitments = [
      { bidder: 'a', hash: commitBid(bid), at: 4 },
      { bidder: 'b', hash: commitBid({ ...bid, bidder: 'b' }) },
    ];
    const opened = { bidder: 'a', price: -5n, units: 2n, at: 4 };
    expect(openBids(commitments, [bid])).toEqual({ bids: [opened], unopened: [1] });
    expect(refusal(() => openBids(commitments, [{ ...bid, price: -4n }]))).toMatch(/unknown-id at reveals\[0\]/);
    expect(refusal(() => openBids(commitments, [bid, bid]))).toMatch(/duplicate at reveals\[1\]/);
    const copied = [{ bidder: 'c', hash: commitBid(bid) }];
    expect(refusal(() => openBids(copied, [{ ...bid, bidder: 'c' }]))).toMatch(/unknown-id/);
    expect(refusal(() => commitBid({ ...bid, salt: 'short' }))).toMatch(/range at bid.salt/);
  });
});
