// Amounts as people write them, "1000.50" of an asset, to minor units and back; and which keys of a stage are such amounts.
import { isObject } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { decimal, scaled } from '../venues/decimal.js';
import { Row } from '../venues/rows.js';
import { type Amount, fractionText, type Ratio, ratio } from './amount.js';
import type { Stage } from './stage.js';
import { oneOf } from './words.js';

/** Digits after the point by asset. */
export type Decimals = Readonly<Record<string, number>>;

/** Digits of an asset that `decimals` does not name. */
const USUAL = 2;
/** A JSON number of so many digits is the one that was written; of a longer one nobody knows. */
const NUMBER_DIGITS = 15;

export const digitsOf = (decimals: Decimals, asset: string): number =>
  Object.hasOwn(decimals, asset) ? (decimals[asset] as number) : USUAL;

/** Minor units in one unit. */
const minor = (decimals: Decimals, asset: string): Amount => 10n ** BigInt(digitsOf(decimals, asset));

/** One asset with its digits. */
export interface Unit {
  asset: string;
  decimals: Decimals;
}

/** @throws MarginError type, range, inexact where it has more digits than the asset */
export function amountIn({ asset, decimals }: Unit, value: unknown, path: string): Amount {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
    throw new MarginError('type', { path, got: value, expected: `an amount of ${asset} such as "1000.50"` });
  }
  const amount = exactly({ asset, decimals }, value, path);
  if (typeof value !== 'number' || String(amount < 0n ? -amount : amount).length <= NUMBER_DIGITS) return amount;
  throw new MarginError('inexact', {
    path,
    got: value,
    expected: `text, since a JSON number of more than ${NUMBER_DIGITS} digits may have lost some`,
    hint: `Write "${decimal(amount, digitsOf(decimals, asset))}"`,
  });
}

function exactly({ asset, decimals }: Unit, value: Decimal | bigint, path: string): Amount {
  try {
    return scaled(value, digitsOf(decimals, asset), path);
  } catch (error) {
    if (!(error instanceof MarginError) || error.code !== 'inexact') throw error;
    const expected = `at most ${digitsOf(decimals, asset)} digits after the point, as ${asset} has`;
    const hint = `Add ${asset} to "decimals" if it has more`;
    throw new MarginError('inexact', { path, got: value, expected, hint });
  }
}

export const amountText = ({ asset, decimals }: Unit, amount: Amount): string =>
  decimal(amount, digitsOf(decimals, asset));

/** A fraction of units, such as what a lot is worth, as one of minor units. @throws MarginError type, range */
export function ratioIn({ asset, decimals }: Unit, value: unknown, path: string): string {
  const { numerator, denominator } = ratio(value as Ratio, path);
  return fractionText({ numerator: numerator * minor(decimals, asset), denominator });
}

/** A price of an asset in units of another, as one of minor units for a minor unit. @throws MarginError type, range */
export function priceIn({ asset, decimals }: Unit, of: string, value: unknown, path: string): string {
  const { numerator, denominator } = ratio(value as Ratio, path);
  return fractionText({
    numerator: numerator * minor(decimals, asset),
    denominator: denominator * minor(decimals, of),
  });
}

const LAYER = ['capacity', 'caps.perDefault', 'caps.perBlock', 'caps.perMember'];

/** Money of a kind of stage. */
interface Money {
  /** Keys that are amounts of the event's asset. */
  keys: readonly string[];
  /** Key that names a second asset, and keys that are amounts of it. */
  second?: { asset: string; keys: readonly string[] };
  /** Keys of its bids in the event, in the same two. */
  bids?: { keys: readonly string[]; second: readonly string[] };
}

/** By kind; what is not here is taken as it is. A kind that is not here is refused: its money would be taken for minor units. */
const MONEY: Readonly<Record<string, Money>> = {
  layer: { keys: LAYER },
  replenish: { keys: [...LAYER, 'target'] },
  transfer: { keys: ['caps.perDefault', 'caps.perBlock'] },
  auction: { keys: ['reserve'], bids: { keys: ['price'], second: [] } },
  collateral: { keys: ['dust'], second: { asset: 'asset', keys: [] }, bids: { keys: [], second: ['amount'] } },
  mint: { keys: ['bid'], second: { asset: 'token', keys: ['lot', 'supply'] }, bids: { keys: [], second: ['lot'] } },
  convert: { keys: [] },
  portfolio: { keys: [], bids: { keys: [], second: [] } },
  guard: { keys: [] },
  liquidate: { keys: [] },
  adl: { keys: [] },
  settle: { keys: [] },
  gate: { keys: [] },
};

/** Keys of a step's detail that are amounts of the event's asset, and of the stage's second one. */
const DETAILS = {
  first: ['missing', 'target', 'needed', 'taken', 'overshoot', 'shortfall', 'clearing', 'proceeds', 'pays', 'raised'],
  second: ['amount', 'minted'],
};

const kindOf = (stage: Stage | undefined): string => stage?.kind ?? 'layer';

/** The asset of an amount in a step's detail; undefined: it is no amount, but a count or lots. */
export function assetOfDetail(stage: Stage | undefined, key: string, asset: string): string | undefined {
  if (DETAILS.first.includes(key)) return asset;
  const second = MONEY[kindOf(stage)]?.second;
  if (!second || !stage || !DETAILS.second.includes(key)) return undefined;
  return String((stage as unknown as Record<string, unknown>)[second.asset]);
}

/**
 * Bids of a stage in minor units. @param stages - of that id in each waterfall: where kinds differ, so would what bids mean
 * @throws MarginError conflict, type, range, inexact
 */
export function bidsIn(unit: Unit, bids: unknown, stages: readonly Stage[], path: string): unknown {
  const [stage] = stages;
  if (stages.some((other) => kindOf(other) !== kindOf(stage))) {
    const expected = 'stages of one kind in all waterfalls that are compared, since their bids mean different things';
    throw new MarginError('conflict', { path, expected });
  }
  const money = MONEY[kindOf(stage)];
  if (!money?.bids || !Array.isArray(bids)) return bids;
  const { keys, second } = money.bids;
  const assets = { ...unit, asset: String((stage as unknown as Record<string, unknown>)[money.second?.asset ?? '']) };
  return bids.map((bid: unknown, i) => {
    if (!isObject(bid)) return bid;
    const read = { ...bid };
    for (const key of keys) read[key] = plainIn(unit, read[key], `${path}[${i}].${key}`);
    for (const key of second) read[key] = plainIn(assets, read[key], `${path}[${i}].${key}`);
    return defined(read);
  });
}

const defined = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** What stages of a case refer to. */
export interface Meaning extends Unit {
  /** Values of the event that a capacity asks for: they are amounts. */
  amountValues: ReadonlySet<string>;
}

/** Values of the event that a sale of collateral is priced by, with the asset that is sold. */
export function priceValuesOf(stages: readonly unknown[]): [value: string, asset: string][] {
  return stages.flatMap((stage): [string, string][] => {
    if (!isObject(stage)) return [];
    const prices = [stage.price, isObject(stage.health) ? stage.health.price : undefined];
    return stage.kind === 'collateral'
      ? prices.flatMap((price): [string, string][] =>
          isObject(price) ? [[String(price.value), String(stage.asset)]] : [],
        )
      : [];
  });
}

/** Names of values that capacities of these stages ask for. */
export function amountValuesOf(stages: readonly unknown[]): string[] {
  return stages.flatMap((stage) => {
    const name = isObject(stage) && isObject(stage.capacity) ? stage.capacity.value : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

/** A stage in minor units; what is malformed stays for the stage's own reader to refuse. @throws MarginError */
export function stageIn(meaning: Meaning, stage: unknown, path: string): Stage {
  const row = new Row(stage, path);
  const kind = oneOf(row.has('kind') ? row.raw('kind') : 'layer', row.at('kind'), Object.keys(MONEY));
  const { keys, second } = MONEY[kind] as Money;
  const read: Record<string, unknown> = Object.fromEntries(row.entries());
  for (const key of keys) {
    const [outer, inner] = key.split('.') as [string, string?];
    if (inner === undefined) read[outer] = plainIn(meaning, read[outer], row.at(outer));
    else if (isObject(read[outer])) {
      read[outer] = defined({ ...read[outer], [inner]: plainIn(meaning, read[outer][inner], row.at(key)) });
    }
  }
  if (second && row.has(second.asset)) {
    const unit = { ...meaning, asset: row.text(second.asset) };
    for (const key of second.keys) read[key] = plainIn(unit, read[key], row.at(key));
  }
  const { health } = read;
  if (isObject(health) && health.price !== undefined && !isObject(health.price)) {
    const price = priceIn(meaning, String(read.asset), health.price, `${row.at('health')}.price`);
    read.health = { ...health, price };
  }
  if (kind === 'collateral' && read.price !== undefined && !isObject(read.price)) {
    read.price = priceIn(meaning, String(read.asset), read.price, row.at('price'));
  }
  if (row.has('trigger')) read.trigger = conditionIn(meaning, row.raw('trigger'), row.at('trigger'));
  return defined(read) as unknown as Stage;
}

/** Numbers become minor units; an object that says where an amount comes from, and nothing, stay. */
const plainIn = (unit: Unit, value: unknown, path: string): unknown =>
  value === undefined || value === null || value === '' || isObject(value) ? value : amountIn(unit, value, path);

/** A condition whose level is in minor units where it looks at money. */
function conditionIn(meaning: Meaning, value: unknown, path: string): unknown {
  if (!isObject(value)) return value;
  const read = { ...value };
  if (read.not !== undefined) read.not = conditionIn(meaning, read.not, `${path}.not`);
  for (const join of ['all', 'any']) {
    const parts = read[join];
    if (Array.isArray(parts)) read[join] = parts.map((part, i) => conditionIn(meaning, part, `${path}.${join}[${i}]`));
  }
  const money = 'balance' in read || 'need' in read || meaning.amountValues.has(String(read.value));
  if (money && read.level !== undefined) read.level = ratioIn(meaning, read.level, `${path}.level`);
  return read;
}
