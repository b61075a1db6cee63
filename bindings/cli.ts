// The command line: see cli/main.ts. This file only starts it and hands its answer to the process.
import { readFileSync } from 'node:fs';
import { main } from './cli/main.js';
import { leaveWithReader, processTerminal } from './cli/terminal.js';

/** EX_SOFTWARE of sysexits.h: a fault of ours, not to be taken for a finding (1) or bad input (2). */
const FAULT = 70;

leaveWithReader(process.stdout);
leaveWithReader(process.stderr);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
main(process.argv.slice(2), processTerminal(), version).then(
  (code) => {
    process.exitCode = code;
  },
  (fault: unknown) => {
    console.error(fault);
    process.exitCode = FAULT;
  },
);
