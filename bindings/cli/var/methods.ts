// --method: how scenarios come about, and for normal and cornish-fisher the distribution that is laid over the profits in them.
import type { Returns } from '../../statistics/estimation/returns.js';
import { ageWeighted, filtered, historical, monteCarlo, type Scenarios } from '../../var.js';
import { type Input, namesIn, type Option, suggest, UsageError } from '../command.js';
import { count, percent } from '../format.js';

export const METHODS = ['historical', 'age', 'filtered', 'normal', 'cornish-fisher', 'monte-carlo'] as const;
export type MethodName = (typeof METHODS)[number];

export const METHOD_OPTIONS: Record<string, Option> = {
  method: {
    value: 'names',
    help: `${METHODS.join(', ')}; several separated by commas are compared, the first is shown in full (default historical)`,
  },
  decay: {
    value: 'share',
    help: 'weight of a day by that of the day after it: of age (default 0.99), of filtered and of an ewma covariance (0.94)',
  },
  volatility: { value: 'model', help: 'of filtered: ewma (default) or garch' },
  paths: { value: 'N', help: 'of monte-carlo (default 10,000)' },
  seed: { value: 'N', help: 'of monte-carlo (default 1)' },
  estimator: { value: 'name', help: 'covariance of monte-carlo: sample (default), ewma (with --decay) or shrinkage' },
  generator: { value: 'name', help: 'of monte-carlo: philox (default) or sobol' },
  student: { value: 'dof', help: 'of monte-carlo: Student-t with so many degrees of freedom, the covariance kept' },
};

/** A method with its parameters. */
export interface Method {
  name: MethodName;
  /** With its parameters, for titles. */
  label: string;
  /** Distribution that is laid over the profits; null: the scenarios themselves are the distribution. */
  parametric: 'normal' | 'cornish-fisher' | null;
  scenarios(returns: Returns): Scenarios;
}

const DECAY = { age: 0.99, filtered: 0.94 };
const PATHS = 10_000;

/** @param paths - of a simulation where nothing is said @throws UsageError */
export function methodsOf(input: Input, paths = PATHS): Method[] {
  const names = namesIn(input.text('method') ?? 'historical');
  if (names.length === 0) throw new UsageError('--method needs a name', `Known: ${METHODS.join(', ')}`);
  return names.map((name) => {
    if ((METHODS as readonly string[]).includes(name)) return methodOf(name as MethodName, input, paths);
    throw new UsageError(`--method ${name}: there is no such method`, suggest(name, [...METHODS]));
  });
}

function wordIn(input: Input, name: string, words: readonly [string, ...string[]]): string {
  const word = input.text(name) ?? words[0];
  if (words.includes(word)) return word;
  throw new UsageError(`--${name} ${word}: there is no such ${name}`, suggest(word, [...words]));
}

function studentOf(input: Input): number | undefined {
  const text = input.text('student');
  if (text === undefined) return undefined;
  const dof = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (dof > 2) return dof;
  throw new UsageError(`--student ${text}: expected degrees of freedom above 2, such as 4`);
}

function methodOf(name: MethodName, input: Input, paths: number): Method {
  const own = { name, label: name as string, parametric: null };
  switch (name) {
    case 'historical':
      return { ...own, scenarios: (returns) => historical(returns) };
    case 'age': {
      const decay = input.share('decay') ?? DECAY.age;
      return { ...own, label: `age-weighted, decay ${decay}`, scenarios: (returns) => ageWeighted(returns, { decay }) };
    }
    case 'filtered': {
      const decay = input.share('decay') ?? DECAY.filtered;
      const garch = wordIn(input, 'volatility', ['ewma', 'garch']) === 'garch';
      return {
        ...own,
        label: garch ? 'filtered, GARCH(1,1)' : `filtered, EWMA ${decay}`,
        scenarios: (returns) => filtered(returns, garch ? { volatility: 'garch' } : { volatility: 'ewma', decay }),
      };
    }
    case 'monte-carlo':
      return { ...own, ...simulation(input, paths) };
    default:
      return {
        ...own,
        label: name === 'normal' ? 'normal' : 'Cornish-Fisher',
        parametric: name,
        scenarios: (returns) => historical(returns),
      };
  }
}

function simulation(input: Input, usual: number): Pick<Method, 'label' | 'scenarios'> {
  const paths = input.integer('paths', usual, 100, 10_000_000);
  const seed = input.integer('seed', 1, 0, Number.MAX_SAFE_INTEGER);
  const generator = wordIn(input, 'generator', ['philox', 'sobol']) as 'philox' | 'sobol';
  const student = studentOf(input);
  const estimator = wordIn(input, 'estimator', ['sample', 'ewma', 'shrinkage']) as 'ewma' | 'sample' | 'shrinkage';
  const decay = input.share('decay') ?? DECAY.filtered;
  const drawn = student === undefined ? 'normal' : `Student-t ${student}`;
  return {
    label: `Monte Carlo, ${drawn}, ${count(paths)} ${generator === 'sobol' ? 'Sobol points' : 'paths'}`,
    scenarios: (returns) =>
      monteCarlo({
        returns,
        paths,
        seed,
        generator,
        estimator,
        decay,
        ...(student === undefined ? {} : { distribution: { student } }),
      }),
  };
}

/** A level as people write it: 99 %. */
export function levelText(confidence: string): string {
  const level = Number(confidence);
  return Number.isFinite(level) ? percent(level, (confidence.split('.')[1] ?? '').length > 2 ? 1 : 0) : confidence;
}
