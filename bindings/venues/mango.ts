// Mango v4: accounts as whole books (mango-book.ts), their health (mango-health.ts), what a liquidator takes over of tokens
// (mango-liquidation.ts) and of perps (mango-perp-liquidation.ts), who bears negative profit (mango-bankruptcy.ts), and what may be
// withdrawn (mango-withdrawal.ts).
export * from './mango-bankruptcy.js';
export * from './mango-book.js';
export * from './mango-health.js';
export * from './mango-liquidation.js';
export * from './mango-perp-liquidation.js';
export * from './mango-withdrawal.js';
