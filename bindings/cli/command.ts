// A command of the command line as data: its options, its help, and how its arguments are read (node:util parseArgs).
// A word that nobody knows is refused with the nearest one that somebody does.
import { parseArgs } from 'node:util';
import { nearest } from '../book/nearest.js';
import type { Terminal } from './terminal.js';

/** 0: ok. 1: ran, and found something. 2: bad input. */
export type ExitCode = 0 | 1 | 2;

export interface Option {
  /** Name of the value in the help; an option without one is a switch. */
  value?: string;
  short?: string;
  /** May be given more than once. */
  many?: boolean;
  /** Stands alone: operands may be left out. */
  alone?: boolean;
  help: string;
}

export interface Command {
  name: string;
  summary: string;
  /** Names of the positional arguments, all of them needed. */
  operands: string[];
  /** Name of one more that may be left out. */
  optional?: string;
  options: Record<string, Option>;
  /** Paragraphs below the options in the help. */
  notes: string[];
  examples: string[];
  run(input: Input, terminal: Terminal): Promise<ExitCode>;
}

/** What the user typed is wrong: exit 2, with a line on how to mend it. */
export class UsageError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}

export const COMMON: Record<string, Option> = {
  quiet: { short: 'q', help: 'no progress on stderr' },
  help: { short: 'h', alone: true, help: 'this help' },
};

/** Did-you-mean, or the list where nothing is near. */
export function suggest(word: string, known: string[]): string {
  const near = nearest(word, known);
  return near ? `Did you mean ${near}?` : `Known: ${known.join(', ')}`;
}

/** The arguments of one call. */
export class Input {
  readonly operands: string[];
  readonly #values: Map<string, string | true | string[]>;

  constructor(operands: string[], values: Map<string, string | true | string[]>) {
    this.operands = operands;
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** Values of an option that may be given more than once. */
  list(name: string): readonly string[] {
    const value = this.#values.get(name);
    return Array.isArray(value) ? value : [];
  }

  /** A whole number in [least, most]; 1_000_000, 1,000,000 and 1e6 are read too. */
  integer(name: string, otherwise: number, least: number, most: number): number {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    const digits = text.replace(/[_,]/g, '');
    const value = /^\d{1,15}(\.\d{1,15})?(e\+?\d{1,2})?$/i.test(digits) ? Number(digits) : Number.NaN;
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new UsageError(`--${name} ${text}: expected a whole number from ${least} to ${most}`);
  }

  /** A share above 0 and below 1, as a decimal. */
  share(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^0?\.\d{1,6}$/.test(text) ? Number(text) : 0;
    if (value > 0) return value;
    throw new UsageError(`--${name} ${text}: expected a share above 0 and below 1, such as 0.35`);
  }
}

/** Reads the arguments of a command. @throws UsageError */
export function readArguments(command: Command, args: string[]): Input {
  const options = { ...command.options, ...COMMON };
  const known = Object.keys(options);
  const { tokens } = parseArgs({
    args,
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      known.map((name) => {
        const { value, short } = options[name] as Option;
        return [name, { type: value ? 'string' : 'boolean', ...(short ? { short } : {}) } as const];
      }),
    ),
  });
  const operands: string[] = [];
  const values = new Map<string, string | true | string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (!option) {
      throw new UsageError(
        `unknown option ${token.rawName}`,
        suggest(
          token.rawName,
          known.map((name) => `--${name}`),
        ),
      );
    }
    if (!option.value && token.value !== undefined) throw new UsageError(`--${token.name} takes no value`);
    if (option.value && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))) {
      throw new UsageError(`--${token.name} needs a value`, `--${token.name} <${option.value}>: ${option.help}`);
    }
    if (option.many) {
      const had = values.get(token.name);
      values.set(token.name, [...(Array.isArray(had) ? had : []), token.value ?? '']);
      continue;
    }
    if (values.has(token.name) && option.value) throw new UsageError(`--${token.name} is given twice`);
    values.set(token.name, token.value ?? true);
  }
  // Help is help, whatever else is missing.
  if ([...values.keys()].some((name) => options[name]?.alone)) return new Input(operands, values);
  const missing = command.operands[operands.length];
  if (missing) throw new UsageError(`${command.name} needs <${missing}>`, `margin-kernel ${usage(command)}`);
  const extra = operands[command.operands.length + (command.optional === undefined ? 0 : 1)];
  if (extra !== undefined) {
    throw new UsageError(
      `${command.name} takes no argument ${JSON.stringify(extra)}`,
      `margin-kernel ${usage(command)}`,
    );
  }
  return new Input(operands, values);
}

const usage = ({ name, operands, optional }: Command): string =>
  [name, ...operands.map((each) => `<${each}>`), ...(optional ? [`[${optional}]`] : []), '[options]'].join(' ');

/** The help of one command. */
export function helpOf(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON }).map(([name, { value, short, help }]) => {
    const names = `${short ? `-${short}, ` : '    '}--${name}${value ? ` <${value}>` : ''}`;
    return [names, help] as const;
  });
  const width = Math.max(...options.map(([names]) => names.length));
  return [
    `margin-kernel ${usage(command)}`,
    '',
    command.summary,
    '',
    ...options.map(([names, help]) => `  ${names.padEnd(width)}  ${help}`),
    ...command.notes.flatMap((note) => ['', note]),
    '',
    ...command.examples.map((example) => `  $ margin-kernel ${example}`),
    '',
  ].join('\n');
}

/** Names separated by commas, each once. */
export const namesIn = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
];
