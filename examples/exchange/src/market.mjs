// What the exchange lists: perpetuals in USDT. Prices are whole ticks and sizes whole lots everywhere inside; a lot for
// a tick is a whole number of minor units, so what a trade costs is exact. A lot is one contract of the kernel's: whole
// sizes never round, while 0.1 and 0.2 coins are 0.30000000000000004.

/** The one asset, and the digits of its minor unit. */
export const ASSET = 'USDT';
export const DECIMALS = 6;
const MINOR = 10 ** DECIMALS;

/**
 * Of the value traded, in 1/10,000. A liquidated account pays the third of them to the fund, and no more than it has.
 */
export const FEES = { maker: 1n, taker: 5n, liquidation: 50n };

const BRACKETS = [
  { upTo: 100_000, maintenanceRate: 0.01, maxLeverage: 50 },
  { upTo: 1_000_000, maintenanceRate: 0.02, maxLeverage: 25 },
  { upTo: null, maintenanceRate: 0.05, maxLeverage: 10 },
];

/** A power of ten, also below 1, as the nearest double. @param {number} digits */
const ten = (digits) => Number(`1e${digits}`);

export class Market {
  /** @param {string} coin @param {number} start first price, USDT */
  constructor(coin, start) {
    const places = Number(start.toExponential().split('e')[1]);
    this.coin = coin;
    this.id = `${coin}-PERP`;
    /** Digits behind the point of a price: five that count. */
    this.digits = 4 - places;
    /** Of a size: a lot is worth between 1 and 10 USDT. */
    this.lotDigits = places;
    /** Minor units that a lot costs at a price of one tick. */
    this.unit = BigInt(ten(DECIMALS - this.digits - this.lotDigits));
    this.start = this.ticks(start);
  }

  /** The nearest price on a tick, at least one. @param {number} price @returns {number} ticks */
  ticks(price) {
    return Math.max(1, Math.round(this.digits >= 0 ? price * ten(this.digits) : price / ten(-this.digits)));
  }

  /** @param {number} ticks @returns {number} quote */
  price(ticks) {
    return this.digits >= 0 ? ticks / ten(this.digits) : ticks * ten(-this.digits);
  }

  /** @param {number} lots @returns {number} coins */
  coins(lots) {
    return this.lotDigits >= 0 ? lots / ten(this.lotDigits) : lots * ten(-this.lotDigits);
  }

  /** Whole lots of a value, rounded down. @param {number} value USDT @param {number} ticks */
  lotsFor(value, ticks) {
    return Math.floor((value * MINOR) / (Number(this.unit) * ticks));
  }

  /** Minor units that lots are worth. @param {bigint} lots @param {number} ticks */
  worth(lots, ticks) {
    return lots * BigInt(ticks) * this.unit;
  }

  /** As the book has it. */
  json() {
    return {
      id: this.id,
      kind: /** @type {const} */ ('linear'),
      underlying: this.coin,
      settle: ASSET,
      mark: this.price(this.start),
      tick: this.price(1),
      multiplier: this.coins(1),
      lot: 1,
      takerFee: Number(FEES.taker) / 10_000,
      liquidationFee: Number(FEES.liquidation) / 10_000,
      brackets: BRACKETS,
    };
  }

  /** As a ledger has it. @param {number} mark ticks */
  terms(mark) {
    const lotValue =
      this.digits >= 0 ? this.unit * 10n ** BigInt(this.digits) : this.unit / 10n ** BigInt(-this.digits);
    return { id: this.id, settle: ASSET, lotValue, mark: String(this.price(mark)) };
  }
}

/** A fee in minor units, rounded up. @param {bigint} worth minor units @param {bigint} rate 1/10,000 */
export const feeOf = (worth, rate) => ((worth < 0n ? -worth : worth) * rate + 9_999n) / 10_000n;

/** The double of minor units, for the kernel: the nearest. @param {bigint} minor */
export const amountOf = (minor) => Number(minor) / MINOR;

/** Minor units of a deposit of whole cents. @param {number} amount USDT */
export const minorOf = (amount) => BigInt(Math.round(amount * 100)) * BigInt(MINOR / 100);
