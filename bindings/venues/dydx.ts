// dYdX v4: its integer rules (dydx-rules.ts), books in units (dydx-book.ts) and books in quantums (dydx-quantums.ts).
export * from './dydx-book.js';
export * from './dydx-quantums.js';
export * from './dydx-rules.js';
