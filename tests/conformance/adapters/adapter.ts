// What an adapter is: inputs of a case in, the answer of the public API out. It translates names and units and nothing else.
import {
  type AccountJSON,
  type AssetJSON,
  accountMargin,
  Book,
  type BookJSON,
  type Decimal,
  explain,
  type MarketJSON,
} from 'margin-kernel';
import type { PartExplanation } from 'margin-kernel/scenario';
import { negate } from 'margin-kernel/venues/decimal';
import type { Side } from 'margin-kernel/venues/rows';
import { isFraction, toNumber } from '../compare.js';

export type Answer = Record<string, unknown>;
export type Adapter = (inputs: Record<string, unknown>) => Answer;
/** Adapters of a system by `kind` or `kind/mode`. */
export type Adapters = Readonly<Record<string, Adapter>>;

/** Names the inputs' types, which the cases of one kind and mode all have. Fractions become numbers, as the book knows none. */
export function adapter<Inputs>(answer: (inputs: Inputs) => Answer): Adapter {
  return (inputs) => answer(withoutFractions(inputs) as Inputs);
}

function withoutFractions(value: unknown): unknown {
  if (isFraction(value)) return toNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutFractions);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withoutFractions(entry)]));
}

/** Cases write sides as 1 and -1, and sizes beside them without a sign. */
export type Sign = number | string;
export const sideOf = (side: Sign): Side => (Number(side) < 0 ? 'short' : 'long');
export const signed = (size: Decimal, side: Sign): Decimal => (Number(side) < 0 ? negate(size) : size);

/** A book with one account. */
export function book(assets: AssetJSON[], markets: MarketJSON[], account: AccountJSON): BookJSON {
  return { format: 'margin-kernel/book@1', assets, markets, accounts: [account] };
}

/** The margin of a book's only account, taken apart. */
export function explained(json: BookJSON): ReturnType<typeof explain> {
  return explain(Book.fromJSON(json), json.accounts[0]?.id ?? '');
}

/** The sums of a book's only account. */
export function margined(json: BookJSON): ReturnType<typeof accountMargin> {
  return accountMargin(Book.fromJSON(json), json.accounts[0]?.id ?? '');
}

/** The part of a requirement that has that name. */
export function partOf(part: PartExplanation, name: string): PartExplanation | undefined {
  if (part.name === name) return part;
  for (const below of part.parts ?? []) {
    const found = partOf(below, name);
    if (found) return found;
  }
  return undefined;
}

/** An exact quotient as a case writes it. */
export const fractionText = ({ numerator, denominator }: { numerator: bigint; denominator: bigint }): string =>
  `${numerator}/${denominator}`;

/** Answers to one value or to each of a list; of a list, every key of the answers is a list. */
export function answers<V>(values: V | readonly V[], answer: (value: V) => object): Answer {
  if (!Array.isArray(values)) return { ...answer(values as V) };
  const rows = values.map(answer) as Answer[];
  return Object.fromEntries(Object.keys(rows[0] ?? {}).map((key) => [key, rows.map((row) => row[key])]));
}
