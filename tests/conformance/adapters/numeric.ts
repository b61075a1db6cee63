// Special functions: columns of arguments in, columns of values out. Student's quantiles have a row a number of degrees.
import * as numeric from 'margin-kernel/numeric';
import { type Adapters, adapter } from './adapter.js';

const column = (values: number[]): Float64Array => Float64Array.from(values, Number);
const list = (values: Float64Array): number[] => Array.from(values);
/** A case with one argument is a number, its answer as well. */
const each = <T>(x: T | T[], answer: (x: T[]) => unknown[]): unknown => (Array.isArray(x) ? answer(x) : answer([x])[0]);
const mapped = (f: numeric.Batch) => (x: number | number[]) => each(x, (many) => list(f(column(many))));

type Argument = { x: number | number[] };

export const functions: Adapters = {
  exp: adapter<Argument>(({ x }) => ({ y: mapped(numeric.expInto)(x) })),
  log: adapter<Argument>(({ x }) => ({ y: mapped(numeric.logInto)(x) })),
  'erf-family': adapter<Argument>(({ x }) => ({
    erf: mapped(numeric.erfInto)(x),
    erfc: mapped(numeric.erfcInto)(x),
    erfcx: mapped(numeric.erfcxInto)(x),
  })),
  'normal-cdf': adapter<Argument>(({ x }) => ({ cdf: mapped(numeric.normalCdfInto)(x) })),
  'normal-logcdf': adapter<Argument>(({ x }) => ({ logcdf: mapped(numeric.normalLogCdfInto)(x) })),
  'normal-ppf': adapter<{ p: number | number[] }>(({ p }) => ({ x: mapped(numeric.normalQuantileInto)(p) })),
};

export const student: Adapters = {
  'student-ppf': adapter<{ p: number | number[]; dof: number | number[] }>(({ p, dof }) => ({
    x: each(dof, (many) => many.map((d) => each(p, (ps) => list(numeric.studentQuantileInto(column(ps), Number(d)))))),
  })),
};
