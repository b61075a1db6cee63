// Amounts as people write them, "1000.50" of an asset, to minor units and back; and which keys of a stage are such amounts.
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

const LAYER = ['capacity', 'caps.perDefault', 'caps.perBlock', 'caps.perMember'];

/** Keys that are amounts, by kind of stage. A kind that is not here is refused: its money would be taken for minor units. */
const AMOUNTS: Readonly<Record<string, readonly string[]>> = {
  layer: LAYER,
  replenish: [...LAYER, 'target'],
  transfer: ['caps.perDefault', 'caps.perBlock'],
  settle: [],
  adl: [],
};

/** Keys of a step's detail that are amounts. */
export const AMOUNT_DETAILS = ['missing', 'target', 'needed', 'taken', 'overshoot', 'shortfall'] as const;

/** What stages of a case refer to. */
export interface Meaning extends Unit {
  /** Values of the event that a capacity asks for: they are amounts. */
  amountValues: ReadonlySet<string>;
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
  const kinds = Object.keys(AMOUNTS);
  const keys = AMOUNTS[oneOf(row.has('kind') ? row.raw('kind') : 'layer', row.at('kind'), kinds)] as readonly string[];
  const read: Record<string, unknown> = Object.fromEntries(row.entries());
  for (const key of keys) {
    const [outer, inner] = key.split('.') as [string, string?];
    if (inner === undefined) read[outer] = plainIn(meaning, read[outer], row.at(outer));
    else if (isObject(read[outer])) {
      const part = read[outer];
      read[outer] = { ...part, [inner]: plainIn(meaning, part[inner], row.at(key)) };
    }
    if (read[outer] === undefined) delete read[outer];
  }
  if (row.has('trigger')) read.trigger = conditionIn(meaning, row.raw('trigger'), row.at('trigger'));
  return read as unknown as Stage;
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

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
