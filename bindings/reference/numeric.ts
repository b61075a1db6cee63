// The names of margin-kernel/numeric in plain TypeScript: the same bits without WebAssembly.
import { type Batch, type BatchWith, batchOf, checkParameter } from '../batch.js';
import { erf, erfc, erfcx } from './numeric/erf.js';
import { exp } from './numeric/exp.js';
import { log } from './numeric/log.js';
import { normalCdf, normalDensity, normalLogCdf, normalQuantile } from './numeric/normal.js';
import { pow } from './numeric/pow.js';
import { studentCdf, studentQuantile } from './numeric/student.js';

export type { Batch, BatchWith } from '../batch.js';
export { MarginError } from '../errors.js';
export {
  erf,
  erfc,
  erfcx,
  exp,
  log,
  normalCdf,
  normalDensity,
  normalLogCdf,
  normalQuantile,
  pow,
  studentCdf,
  studentQuantile,
};

const batch =
  (f: (x: number) => number): Batch =>
  (x, into) => {
    const { from, to } = batchOf(x, into);
    for (let i = 0; i < from.length; i++) to[i] = f(from[i]!);
    return to;
  };

const batchWith =
  (f: (x: number, parameter: number) => number, name: string): BatchWith =>
  (x, parameter, into) => {
    checkParameter(parameter, name);
    return batch((one) => f(one, parameter))(x, into);
  };

/** `exp` of every number of an array; see margin-kernel/numeric. */
export const expInto: Batch = /* @__PURE__ */ batch(exp);
/** `log` of every number of an array; see margin-kernel/numeric. */
export const logInto: Batch = /* @__PURE__ */ batch(log);
/** `pow` of every number of an array; see margin-kernel/numeric. */
export const powInto: BatchWith = /* @__PURE__ */ batchWith(pow, 'y');
/** `erf` of every number of an array; see margin-kernel/numeric. */
export const erfInto: Batch = /* @__PURE__ */ batch(erf);
/** `erfc` of every number of an array; see margin-kernel/numeric. */
export const erfcInto: Batch = /* @__PURE__ */ batch(erfc);
/** `erfcx` of every number of an array; see margin-kernel/numeric. */
export const erfcxInto: Batch = /* @__PURE__ */ batch(erfcx);
/** `normalCdf` of every number of an array; see margin-kernel/numeric. */
export const normalCdfInto: Batch = /* @__PURE__ */ batch(normalCdf);
/** `normalLogCdf` of every number of an array; see margin-kernel/numeric. */
export const normalLogCdfInto: Batch = /* @__PURE__ */ batch(normalLogCdf);
/** `normalDensity` of every number of an array; see margin-kernel/numeric. */
export const normalDensityInto: Batch = /* @__PURE__ */ batch(normalDensity);
/** `normalQuantile` of every number of an array; see margin-kernel/numeric. */
export const normalQuantileInto: Batch = /* @__PURE__ */ batch(normalQuantile);
/** `studentCdf` of every number of an array; see margin-kernel/numeric. */
export const studentCdfInto: BatchWith = /* @__PURE__ */ batchWith(studentCdf, 'dof');
/** `studentQuantile` of every number of an array; see margin-kernel/numeric. */
export const studentQuantileInto: BatchWith = /* @__PURE__ */ batchWith(studentQuantile, 'dof');
