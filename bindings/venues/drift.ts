// Drift v2: its integer rules (drift-rules.ts), users as books (drift-book.ts), sizes of a partial liquidation
// (drift-liquidation.ts), fees of the insurance fund and spread losses (drift-insurance.ts), layers of a bankruptcy
// (drift-bankruptcy.ts), withdrawals (drift-withdrawal.ts).
export * from './drift-bankruptcy.js';
export * from './drift-book.js';
export * from './drift-insurance.js';
export * from './drift-liquidation.js';
export * from './drift-rules.js';
export * from './drift-withdrawal.js';
