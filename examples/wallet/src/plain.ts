// The engine in plain TypeScript.
import { Book, monteCarlo } from 'margin-kernel/reference/var';
import type { Engine } from './engine.ts';

export const plain: Engine = { name: 'reference', fromJSON: (json) => Book.fromJSON(json), monteCarlo };
