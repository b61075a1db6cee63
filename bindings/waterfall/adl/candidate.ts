// Who may be deleveraged and by which rule, as a caller gives it: read once, checked, and ranked. The four choices (score,
// allocation, space, price) know nothing of each other.
import { MarginError } from '../../errors.js';
import { type Exact, exact } from '../../liquidation/exact.js';
import { listOf } from '../../liquidation/list.js';
import { type Integer, integer } from '../../venues/integer.js';
import { Row, rowsOf } from '../../venues/rows.js';
import { type Amount, above0, amount, amountAt, byId, type Ratio, ratio, ratioFrom0 } from '../amount.js';
import { oneOf } from '../words.js';
import { type HedgeRule, lowered, ruleAt } from './hedge.js';
import { RankQueue } from './rank-queue.js';
import { type RiskAversion, weightOf, wholeWeights } from './risk-weight.js';
import { type Score, scoreOf } from './score.js';
import { ADL_SCORES, SCORES, type ScoreName } from './venue-scores.js';

/**
 * - `queue`: by falling score, each up to its capacity; ties by id
 * - `listed`: in the order of the list
 * - `rotation`: by ascending id, from the place that a seed names (dYdX: nobody is ranked)
 * - `proRata`: by weight, what is beyond somebody's capacity stays open
 * - `cappedProRata`: by weight, what is beyond somebody's capacity goes to the others (water-filling)
 */
export type AdlAllocation = 'queue' | 'listed' | 'rotation' | 'proRata' | 'cappedProRata';

/** What is taken: lots of the market, equity, or profit alone. */
export type AdlSpace = 'contracts' | 'equity' | 'pnl';

/** At what a close of contracts is made: the defaulter's bankruptcy price, the mark, or the oracle's. */
export type AdlPrice = 'bankruptcy' | 'mark' | 'oracle';

/** Who may be deleveraged. Amounts are minor units, sizes lots. */
export interface AdlCandidate {
  /** Unique among candidates; ties go to the lower one. */
  id: string;
  /** Lots on the side opposite to the defaulter's, >= 0; in the space `contracts`. */
  lots?: Integer;
  /** At the mark, signed; left out: cash + pnl where both are there. null: not known. */
  equity?: Integer | null;
  /** Balance without profit and loss, signed. */
  cash?: Integer;
  /** Unrealised profit, signed. */
  pnl?: Integer;
  /** Notional over equity, >= 0; for a rule with `risk`. */
  leverage?: Ratio;
  /** Most that is taken of it, in the unit of the space. */
  most?: Integer;
  /** Its own bankruptcy price, minor units a lot: it is passed over where a close would be beyond it. */
  bankruptcy?: Ratio;
  /** Place in the queue where the rule's score is `given`. */
  score?: Ratio | Score;
  /** What the rule's score is made of. */
  position?: object;
  /** What closing it does to the account's requirement, minor units, and its own requirement; for a rule with `hedges`. */
  deltaRequirement?: Integer;
  /** Of the account, minor units; for a rule with `hedges`. */
  requirement?: Integer;
}

/** How deleveraging is done: data. */
export interface AdlRule {
  /** Who gives how much: a queue, a rotation, or shares. */
  allocation: AdlAllocation;
  /** What is taken: lots, equity or profits. */
  space: AdlSpace;
  /** Default `given`. */
  score?: ScoreName;
  /** Of the space `contracts`; default `bankruptcy`. */
  price?: AdlPrice;
  /** Who bears left-over units of a pro-rata split; default `largestRemainder`. */
  round?: 'largestRemainder' | 'floorThenId';
  /** Weights of a pro-rata split: endowment x leverage x g(leverage). Left out: the endowment (lots, equity or profit). */
  risk?: RiskAversion;
  /** Puts hedges behind all others. Left out: legs are ranked on their own. */
  hedges?: HedgeRule;
  /** Where a rotation starts, >= 0. */
  seed?: Integer;
}

/** A rule with its words checked. */
export interface CheckedRule extends AdlRule {
  price: AdlPrice;
  round: 'largestRemainder' | 'floorThenId';
  score: ScoreName;
  seed: Amount;
}

/** A candidate as it is worked with. */
export interface Read {
  id: string;
  /** What it has in the space, and most that can be taken of it; lots or minor units. */
  endowment: Amount;
  capacity: Amount;
  /** By which it gives in a pro-rata split. */
  weight: Amount;
  equity: Amount | null;
  bankruptcy: Exact | null;
  score: Score;
}

const ALLOCATIONS: readonly AdlAllocation[] = ['queue', 'listed', 'rotation', 'proRata', 'cappedProRata'];
const SPACES: readonly AdlSpace[] = ['contracts', 'equity', 'pnl'];
const PRICES: readonly AdlPrice[] = ['bankruptcy', 'mark', 'oracle'];
const RULE_KEYS = ['allocation', 'space', 'score', 'price', 'round', 'risk', 'hedges', 'seed'] as const;
const KEYS = [
  'id',
  'lots',
  'equity',
  'cash',
  'pnl',
  'leverage',
  'most',
  'bankruptcy',
  'score',
  'position',
  'deltaRequirement',
  'requirement',
] as const;
const NO_SCORE: Score = { numerator: 0n, denominator: 1n };

/** Whether shares go by weight and not one after the other. */
export const byWeight = ({ allocation }: AdlRule): boolean =>
  allocation === 'proRata' || allocation === 'cappedProRata';

/** @throws MarginError missing-key, unknown-key, type, inexact, range */
export function checkedRule(rule: AdlRule): CheckedRule {
  new Row(rule, 'rule', RULE_KEYS);
  const allocation = oneOf(rule.allocation, 'rule.allocation', ALLOCATIONS);
  if (allocation === 'rotation' && rule.seed === undefined) {
    throw new MarginError('missing-key', { path: 'rule.seed', expected: 'where the rotation starts' });
  }
  return {
    ...rule,
    allocation,
    seed: amount(integer(rule.seed ?? 0n, 'rule.seed'), 'rule.seed'),
    space: oneOf(rule.space, 'rule.space', SPACES),
    score: oneOf(rule.score ?? 'given', 'rule.score', SCORES),
    price: oneOf(rule.price ?? 'bankruptcy', 'rule.price', PRICES),
    round: oneOf(rule.round ?? 'largestRemainder', 'rule.round', ['largestRemainder', 'floorThenId'] as const),
  };
}

/** @throws MarginError duplicate, missing-key, type, inexact, range */
export function readCandidates(candidates: readonly AdlCandidate[], rule: CheckedRule, path = 'candidates'): Read[] {
  const rows = rowsOf(listOf(candidates, path), path, KEYS);
  const ids = new Set<string>();
  for (const row of rows) {
    const id = row.text('id');
    if (ids.has(id)) throw new MarginError('duplicate', { path: row.at('id'), got: id });
    ids.add(id);
  }
  const read = rows.map((row) => readOne(row, rule));
  if (rule.risk === undefined || !byWeight(rule)) return read;
  const { risk } = rule;
  const weights = rows.map((row, i) => {
    const leverage = ratioFrom0(row.need('leverage', 'a ratio') as Ratio, row.at('leverage'));
    return weightOf(exact((read[i] as Read).endowment), leverage, risk, 'rule.risk');
  });
  return wholeWeights(weights).map((weight, i) => ({ ...(read[i] as Read), weight }));
}

function readOne(row: Row, rule: CheckedRule): Read {
  const equity = equityOf(row);
  const endowment = endowmentOf(row, rule.space, equity);
  const most = amountAt(row, 'most', endowment);
  return {
    id: row.text('id'),
    endowment,
    capacity: most < endowment ? most : endowment,
    weight: endowment,
    equity,
    bankruptcy: row.has('bankruptcy') ? ratio(row.raw('bankruptcy') as Ratio, row.at('bankruptcy')) : null,
    score: rule.allocation === 'queue' ? rankedScore(row, rule) : NO_SCORE,
  };
}

function equityOf(row: Row): Amount | null {
  if (row.has('equity')) return row.integer('equity');
  return row.has('cash') && row.has('pnl') ? row.integer('cash') + row.integer('pnl') : null;
}

/** What it has in the space: nothing where that is below 0. */
function endowmentOf(row: Row, space: AdlSpace, equity: Amount | null): Amount {
  if (space === 'contracts') return amountAt(row, 'lots');
  return above0(space === 'pnl' ? row.integer('pnl') : (equity ?? row.integer('equity')));
}

function rankedScore(row: Row, { score, hedges }: CheckedRule): Score {
  const own =
    score === 'given'
      ? scoreOf(row.need('score', 'a score') as Ratio | Score, row.at('score'))
      : ADL_SCORES[score](row.need('position', 'what the score is made of') as never, row.at('position')).score;
  if (hedges === undefined || !row.has('deltaRequirement')) return own;
  return lowered(own, row, ruleAt(hedges, 'rule.hedges'));
}

/** Places in the order in which they are asked; of a pro-rata split: by id. Lazy: a queue sorts no further than it is read. */
export function* turns(read: readonly Read[], rule: CheckedRule): Generator<number, void> {
  if (rule.allocation === 'queue') {
    const ids = read.map(({ id }) => id);
    yield* new RankQueue(
      read.map(({ score }) => score),
      ids,
    );
    return;
  }
  const places = read.map((_, place) => place);
  if (rule.allocation !== 'listed') places.sort((a, b) => byId((read[a] as Read).id, (read[b] as Read).id));
  if (rule.allocation !== 'rotation' || places.length === 0) return yield* places;
  const start = Number(rule.seed % BigInt(places.length));
  yield* places.slice(start);
  yield* places.slice(0, start);
}
