// Reads the first word of the command line, runs its command, and turns what goes wrong into a message and an exit status.
import { MarginError, type MarginErrorCode } from '../errors.js';
import { checkCommand } from './check.js';
import { type Command, type ExitCode, helpOf, readArguments, suggest, UsageError } from './command.js';
import { demo } from './demo.js';
import { explainCommand } from './explain.js';
import { liquidations } from './liquidations.js';
import { report } from './report.js';
import { presetRows, presetsText } from './scenario/presets.js';
import type { Terminal } from './terminal.js';
import { varCommand } from './var.js';
import { watchCommand } from './watch.js';
import { waterfall } from './waterfall.js';

const COMMANDS: readonly Command[] = [
  demo,
  report,
  liquidations,
  explainCommand,
  checkCommand,
  varCommand,
  waterfall,
  watchCommand,
];

/** Operands that are files, which a refusal names. */
const FILES = ['book', 'case.json'];

function help(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return [
    'margin-kernel <command> [options]',
    '',
    'Margin and liquidation for whole exchanges, on the command line.',
    '',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'margin-kernel <command> --help has the options of a command; --version the version.',
    'Exit status: 0 ok, 1 a finding (something is liquidatable or refused, a loss is not covered), 2 bad input.',
    'demo exits 0 whatever it finds.',
    '',
  ].join('\n');
}

/** What a code says to a reader. */
const REASON: Record<MarginErrorCode, string> = {
  syntax: 'the text is not JSON',
  type: 'a value is of the wrong kind',
  'not-finite': 'a number is not finite',
  range: 'a value is out of range',
  'unknown-key': 'there is a key that nobody reads',
  'missing-key': 'a key is missing',
  'unknown-id': 'there is no such id',
  duplicate: 'something is there twice',
  conflict: 'two things exclude each other',
  'not-concave': 'rates or weights go the wrong way with size',
  'too-many': 'there are more rows than fit',
  memory: 'there is not enough memory',
  format: 'this is not a file of a known format',
  truncated: 'the file ends early',
  corrupt: 'the file is damaged',
  inexact: 'a number can not be held without loss',
  engine: 'WebAssembly can not run here',
};

/** A hint that tells what to do; the others only add a fact. */
const MENDS = /^(Did you mean|Add|Check|Give|Keep|Sort|Split|Use|Write) /;

/** As JSON; a bigint inside, which JSON has not, as its digits. */
const shownAs = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part));

/** What was refused, a fact a line. */
function refusal(error: MarginError, file: string | undefined): string {
  const { code, path, index, got, expected, hint } = error;
  const shown = got === undefined ? undefined : typeof got === 'bigint' ? String(got) : shownAs(got);
  const facts = [
    ['file', file],
    ['where', path === undefined ? undefined : `${path}${index === undefined ? '' : `[${index}]`}`],
    ['got', shown !== undefined && shown.length > 200 ? `${shown.slice(0, 197)}...` : shown],
    ['expected', expected],
    [hint !== undefined && MENDS.test(hint) ? 'mend' : 'note', hint],
  ] as const;
  const lines = facts.flatMap(([name, fact]) => (fact === undefined ? [] : [`  ${name.padEnd(8)}  ${fact}\n`]));
  return `margin-kernel: ${REASON[code]} (${code})\n${lines.join('')}`;
}

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[], terminal: Terminal, version: string): Promise<ExitCode> {
  const [word, ...rest] = args;
  if (word === undefined || word === '--help' || word === '-h' || word === 'help') {
    // Asked for, help is output; without a command it is a reminder.
    (word === undefined ? terminal.err : terminal.out).write(help());
    return word === undefined ? 2 : 0;
  }
  if (word === '--version' || word === '-v') {
    terminal.out.write(`${version}\n`);
    return 0;
  }
  const json = rest.includes('--json');
  let file: string | undefined;
  try {
    const command = COMMANDS.find(({ name }) => name === word);
    if (!command) {
      const kind = word.startsWith('-') ? 'option' : 'command';
      throw new UsageError(
        `unknown ${kind} ${word}`,
        suggest(word, [...COMMANDS.map(({ name }) => name), '--help', '--version']),
      );
    }
    const input = readArguments(command, rest);
    if (input.flag('help')) {
      terminal.out.write(helpOf(command));
      return 0;
    }
    if (input.flag('models')) {
      terminal.out.write(json ? `${JSON.stringify({ presets: presetRows() }, null, 2)}\n` : presetsText(terminal));
      return 0;
    }
    if (FILES.includes(command.operands[0] ?? command.optional ?? '')) file = input.operands[0];
    return await command.run(input, terminal);
  } catch (error) {
    return fail(error, file, json, terminal);
  }
}

/** What is the user's to mend gets a message and 2; what is ours is thrown on. */
function fail(error: unknown, file: string | undefined, json: boolean, terminal: Terminal): ExitCode {
  if (error instanceof UsageError) {
    terminal.err.write(`margin-kernel: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`);
    if (json)
      terminal.out.write(
        `${JSON.stringify({ error: { code: 'usage', message: error.message, hint: error.hint ?? null } })}\n`,
      );
    return 2;
  }
  if (!(error instanceof MarginError)) throw error;
  // What is wrong with an order, with a model of the command line or with an event is not in the book.
  // A path with a line has the name of its own file.
  const where = /^(order|legs|--|stdin|journal|snapshot|event)|, line \d/.test(error.path ?? '') ? undefined : file;
  terminal.err.write(refusal(error, where));
  if (json) {
    const { code, message, path, index, got, expected, hint } = error;
    const whole = {
      code,
      message,
      file: where ?? null,
      path: path ?? null,
      index: index ?? null,
      got: got ?? null,
      expected: expected ?? null,
      hint: hint ?? null,
    };
    terminal.out.write(`${shownAs({ error: whole })}\n`);
  }
  return 2;
}
