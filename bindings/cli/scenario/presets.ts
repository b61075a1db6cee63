// Presets of scenario models by name: what each has to be told, which options it has, and the list of them.
import { type ModelJSON, presets } from '../../scenario.js';
import { suggest, UsageError } from '../command.js';
import { wrap } from '../format.js';
import { type Terminal, widthOf } from '../terminal.js';

export type PresetName = keyof typeof presets;

/** What a preset can not do without, with a value that shows its form. */
const NEEDED: Readonly<Record<PresetName, Readonly<Record<string, unknown>>>> = {
  derivePmrm: { cash: 'USDC', spot: 'BTC', stable: 'USDC/USD' },
  derivePmrm2: { cash: 'USDC', spot: 'BTC', stable: 'USDC/USD' },
  deriveSrm: { cash: 'USDC', stable: 'USDC/USD' },
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
  `--model-option ${key}=${typeof value === 'string' ? value : `'${JSON.stringify(value)}'`}`;

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
    values[key] = typeof NEEDED[name][key] === 'string' ? text : parsed(text);
  }
  return values;
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
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`--model ${name} can not be made of these options: ${error.message}`);
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
