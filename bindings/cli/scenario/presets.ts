// Presets of scenario models by name: what each has to be told, which options it has, and the list of them.
import { MarginError } from '../../errors.js';
import { type ModelJSON, presets } from '../../scenario.js';
import { suggest, UsageError } from '../command.js';
import { wrap } from '../format.js';
import { type Terminal, widthOf } from '../terminal.js';

export type PresetName = keyof typeof presets;

/** What a preset can not do without, with a value that shows its form. */
const VOLATILITY = { up: { scale: 0.3 }, down: { scale: -0.3 } };
const NEEDED: Readonly<Record<PresetName, Readonly<Record<string, unknown>>>> = {
  span: { ranges: { '*': { price: 0.05, volatility: 0.04 } } },
  nse: {
    underlyings: { NIFTY: { kind: 'index', daily: 0.012, yearly: 0.19 } },
    others: { price: 0.3, volatility: 0.1 },
  },
  tims: {},
  deribit: {},
  deribitHistorical: { initialFactor: 1.3 },
  okx: {
    volatility: VOLATILITY,
    shortOptionCharge: 0.01,
    underlyings: { '*': { least: 0.008, charge: 0.007, tiers: [{ upTo: null, rate: 1 }] } },
  },
  bybit: {
    volatility: VOLATILITY,
    underlyings: { '*': { range: 0.2, shortOption: 0.01, basis: 0.5, futures: 0.005, initialFactor: 1.2 } },
  },
  paradex: {},
  powertrade: {},
  dederi: { volatility: VOLATILITY, initialFactor: 1.2 },
  derivePmrm: { cash: 'USDC', spot: 'BTC', stable: 'USDC/USD' },
  derivePmrm2: { cash: 'USDC', spot: 'BTC', stable: 'USDC/USD' },
  deriveSrm: { cash: 'USDC', stable: 'USDC/USD' },
  valueAtRisk: {
    scenarios: { method: 'historical', names: ['BTC'], count: 4, moves: [[-0.08, 0.05, -0.02, 0.01]], horizon: 1 },
    confidence: '0.75',
  },
};

const make = (name: PresetName, options: object): ModelJSON => (presets[name] as (from: object) => ModelJSON)(options);

export const presetNames = Object.keys(presets) as PresetName[];
export const isPreset = (name: string): name is PresetName => Object.hasOwn(presets, name);

/** Every option that a preset reads. */
function optionsOf(name: PresetName): string[] {
  const read = new Set<string>();
  const noting = new Proxy(NEEDED[name], {
    get: (target, key) => {
      read.add(String(key));
      return Reflect.get(target, key);
    },
  });
  make(name, noting);
  return [...read].sort();
}

/** How an option is written on the command line. */
const written = (key: string, value: unknown): string =>
  `--model-option ${key}=${typeof value === 'object' ? `'${JSON.stringify(value)}'` : value}`;

/** Values of `key=value` words: texts where the preset wants a text, else JSON where it is JSON. @throws UsageError */
function readOptions(name: PresetName, words: readonly string[]): Record<string, unknown> {
  const known = optionsOf(name);
  const values: Record<string, unknown> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new UsageError(`--model-option ${word}: expected key=value`, `${name} has ${known.join(', ')}`);
    const [key, text] = [word.slice(0, at), word.slice(at + 1)];
    if (!known.includes(key))
      throw new UsageError(`--model-option ${key}: ${name} has no such option`, suggest(key, known));
    if (Object.hasOwn(values, key)) throw new UsageError(`--model-option ${key} is given twice`);
    values[key] = readOption(name, key, text);
  }
  return values;
}

function readOption(name: PresetName, key: string, text: string): unknown {
  const like = NEEDED[name][key];
  if (typeof like === 'string') return text;
  const value = parsed(text);
  if (like === undefined || value === null || typeof value === typeof like) return value;
  throw new UsageError(`--model-option ${key}=${text}: expected JSON`, `For example ${written(key, like)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * The model of a preset.
 * @param words - of --model-option
 * @throws UsageError where an option is missing, unknown or not to be read; MarginError where a preset refuses a value
 */
export function presetModel(name: PresetName, words: readonly string[]): ModelJSON {
  const options = readOptions(name, words);
  const missing = Object.entries(NEEDED[name]).filter(([key]) => !Object.hasOwn(options, key));
  if (missing.length > 0) {
    throw new UsageError(
      `--model ${name} needs ${missing.map(([key]) => key).join(', ')}`,
      `For example ${missing.map(([key, value]) => written(key, value)).join(' ')}`,
    );
  }
  try {
    return make(name, options);
  } catch (error) {
    throw error instanceof MarginError ? error.with({ path: `--model-option ${error.path ?? name}` }) : error;
  }
}

/** What is known of a preset. */
export interface PresetRow {
  name: PresetName;
  title: string | null;
  version: string | null;
  asOf: string | null;
  source: string | null;
  /** Options that it needs, and all that it has. */
  needs: string[];
  options: string[];
}

export const presetRows = (): PresetRow[] =>
  presetNames.map((name) => {
    const { title = null, version = null, asOf = null, source = null } = make(name, NEEDED[name]);
    return { name, title, version, asOf, source, needs: Object.keys(NEEDED[name]), options: optionsOf(name) };
  });

/** The presets, a paragraph each. */
export function presetsText({ columns }: Terminal): string {
  const width = Math.max(...presetNames.map(({ length }) => length));
  const indent = ' '.repeat(width + 4);
  return presetRows()
    .map(({ name, title, version, asOf, source, needs, options }) => {
      const head = `${title ?? name}; ${version ?? 'no version'}, as of ${asOf ?? '-'}`;
      const more = options.filter((key) => !needs.includes(key));
      const lines = [
        ...(source === null ? [] : [source]),
        `needs ${needs.length === 0 ? 'nothing' : needs.join(', ')}${more.length === 0 ? '' : `; has ${more.join(', ')}`}`,
      ];
      return [`  ${name.padEnd(width)}  ${head}`, ...lines.map((line) => wrap(line, widthOf(columns), indent))].join(
        '\n',
      );
    })
    .map((text) => `${text}\n`)
    .join('');
}
