// Options: tables of prices, Greeks and implied vols, row by row.
import { type Greek, impliedVol, type Option, type OptionType, optionGreeks, optionPrice } from 'margin-kernel/options';
import { type Adapters, type Answer, adapter } from './adapter.js';

type Cell = number | string;
type Row = Record<string, Cell>;

interface Table {
  fields: string[];
  rows: Cell[][];
}

interface Black76Table extends Table {
  /** Seconds of a year, where times are in seconds. */
  yearSeconds?: number;
}

interface VolTable extends Table {
  discount?: number;
}

/** The rows as objects. */
const named = ({ fields, rows }: Table): Row[] =>
  rows.map((row) => Object.fromEntries(fields.map((field, i) => [field, row[i] ?? NaN])));

/** A row of Haug's tables. */
const bsm = ({ type, strike, spot, q, r, t, vol }: Row): Option => ({
  type: String(type).toLowerCase() as OptionType,
  strike: Number(strike),
  spot: Number(spot),
  dividendYield: Number(q),
  rate: Number(r),
  time: Number(t),
  vol: Number(vol),
});

/** A list of each key of some answers. */
const columns = <Key extends string>(keys: readonly Key[], answers: readonly Record<Key, number>[]): Answer =>
  Object.fromEntries(keys.map((key) => [key, answers.map((answer) => answer[key])]));

function black76(inputs: Black76Table): Answer {
  const answers = named(inputs).map(({ forward, strike, vol, discount, secToExpiry, t }) => {
    const time = t === undefined ? Number(secToExpiry) / Number(inputs.yearSeconds) : Number(t);
    const terms = { strike: Number(strike), vol: Number(vol), time };
    const option = { ...terms, forward: Number(forward), discount: Number(discount ?? 1) };
    const { price: call, forwardDelta } = optionGreeks({ type: 'call', ...option });
    return { call, put: optionPrice({ type: 'put', ...option }).price, forwardDelta };
  });
  return columns(['call', 'put', 'forwardDelta'], answers);
}

function vols(inputs: VolTable): Answer {
  const answers = named(inputs).map(({ forward, strike, t, callPut, price, discount }) =>
    impliedVol({
      type: Number(callPut) === 1 ? 'call' : 'put',
      forward: Number(forward),
      discount: Number(discount ?? inputs.discount ?? 1),
      strike: Number(strike),
      time: Number(t),
      price: Number(price),
    }),
  );
  return columns(['vol', 'condition'], answers);
}

export const haug: Adapters = {
  'bsm-table': adapter<Table>((inputs) => ({ price: named(inputs).map((row) => optionPrice(bsm(row)).price) })),
  'bsm-greeks': adapter<Table>((inputs) => ({
    value: named(inputs).map((row) => optionGreeks(bsm(row))[String(row.greek) as Greek]),
  })),
};

export const lyra: Adapters = { 'black76-table': adapter<Black76Table>(black76) };

export const mpmath: Adapters = {
  'black76-table': adapter<Black76Table>(black76),
  'implied-vol': adapter<VolTable>(vols),
};
