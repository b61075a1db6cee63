// Placeholder for the command line.
import { abiVersion } from './index.js';

console.log(`margin-kernel ${process.argv.slice(2).join(' ')}: ABI ${abiVersion()}`);
