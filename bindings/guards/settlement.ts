// A price that somebody decides, when a market is settled by hand: a record of who, on what evidence, at what time. It is final,
// so that no market is settled twice at two prices.
import { MarginError } from '../errors.js';
import { fractionText } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import { rowsOf } from '../venues/rows.js';
import { type Ratio, ratio } from '../waterfall/amount.js';
import { argument, timeAt } from './read.js';

/** A price that somebody decides for a market. */
export interface SettlementDecision {
  /** Its id. */
  market: string;
  /** Quote; below 0 where a market can settle there. */
  price: Ratio;
  /** Who decides: a committee, a vote, a rule. */
  authority: string;
  /** What it rests on: a document, a proposal, a hash; at least one. */
  evidence: readonly string[];
  /** When it is decided, units of time. */
  at: number;
}

/** A decision as it is kept. */
export interface SettlementRecord extends SettlementDecision {
  /** Quote, exactly, as text. */
  price: string;
  /** A market is settled once. */
  final: true;
}

const DECISION = ['market', 'price', 'authority', 'evidence', 'at'] as const;

/**
 * Records the price at which a market is settled by hand.
 * @param decision - market, price, who decides, on what, when
 * @param decided - records so far, by rising time
 * @returns the record, to be added to them
 * @throws MarginError conflict where the market is settled already, range where there is no evidence or time runs backwards,
 *   missing-key, type, unknown-key
 * @see Hyperliquid JELLY, 26 March 2025: settled at 0.0095 by a vote of validators
 * @example
 * settlementDecision({ market: 'JELLY', price: '0.0095', authority: 'validators', evidence: ['vote 1'], at: 1 }, []).final
 *   // true
 */
export function settlementDecision(
  decision: SettlementDecision,
  decided: readonly SettlementRecord[],
): SettlementRecord {
  const row = argument(decision, 'decision', DECISION);
  const market = row.text('market');
  const price = fractionText(ratio(row.need('price', 'a price') as Ratio, row.at('price')));
  const authority = row.text('authority');
  const at = timeAt(row, 'at');
  const evidence = listOf(row.raw('evidence'), row.at('evidence')).map((item, i) => {
    if (typeof item === 'string' && item.trim() !== '') return item;
    throw new MarginError('type', { path: `${row.at('evidence')}[${i}]`, got: item, expected: 'a text' });
  });
  if (evidence.length === 0) {
    throw new MarginError('range', { path: row.at('evidence'), got: evidence, expected: 'at least one' });
  }
  for (const record of rowsOf(listOf(decided, 'decided'), 'decided', [...DECISION, 'final'])) {
    if (record.text('market') === market) {
      const hint = `It was settled at ${record.text('price')} by ${record.text('authority')}`;
      throw new MarginError('conflict', {
        path: row.at('market'),
        got: market,
        expected: 'a market not settled',
        hint,
      });
    }
    const before = timeAt(record, 'at');
    if (at < before) throw new MarginError('range', { path: row.at('at'), got: at, expected: `at least ${before}` });
  }
  return { market, price, authority, evidence, at, final: true };
}
