// dYdX v4: its integer rules (dydx-rules.ts), books in units (dydx-book.ts) and in quantums (dydx-quantums.ts), liquidations
// (dydx-liquidation.ts), deleveraging (dydx-deleverage.ts), what an update would do (dydx-update.ts), and what its front end
// prints (dydx-abacus.ts).
export * from './dydx-abacus.js';
export * from './dydx-book.js';
export * from './dydx-deleverage.js';
export * from './dydx-liquidation.js';
export * from './dydx-quantums.js';
export * from './dydx-rules.js';
export * from './dydx-update.js';
