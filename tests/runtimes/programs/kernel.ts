// The suite on the kernel, as a module for the other programs.
import * as numeric from 'margin-kernel/numeric';
import * as options from 'margin-kernel/options';
import * as risk from 'margin-kernel/var';
import { type Answer, suite } from '../suite.js';

export const answer = (): Promise<Answer> => suite({ Book: risk.Book, risk, options, numeric });
