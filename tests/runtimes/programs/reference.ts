// The fixed work without WebAssembly, as a module for the other programs. Published cases need the kernel.
import * as numeric from 'margin-kernel/reference/numeric';
import * as options from 'margin-kernel/reference/options';
import * as risk from 'margin-kernel/reference/var';
import { hashesOf } from '../work.js';

export const answer = (): ReturnType<typeof hashesOf> => hashesOf({ Book: risk.Book, risk, options, numeric });
