// Whether money may leave while a default is being worked out: blocked by insolvent accounts that the fund does not cover, for
// some time after a loss was seen, or paid at the rate that assets and liabilities leave.
import { MarginError } from '../errors.js';
import { fractionText, over } from '../liquidation/exact.js';
import type { Integer } from '../venues/integer.js';
import { Row } from '../venues/rows.js';
import { holds, type Operator } from '../waterfall/amount.js';
import { amountAt, argument, operatorAt, timeAt, timeOf } from './read.js';

/** What blocks withdrawals. */
export interface GateRules {
  /** Blocked while insolvent accounts need something and their need compares so with the fund; Derive: `>`. */
  insolvency?: { operator: Operator };
  /** Blocked until so much time has passed since an event was last seen, by the event's name. */
  delays?: Readonly<Record<string, number>>;
  /** Whether withdrawals are paid at assets over liabilities where that is below 1. */
  haircut?: boolean;
}

/** What the rules look at; only what they need has to be there. */
export interface GateState {
  /** Units of time. */
  now: number;
  /** Need of all insolvent accounts, and the fund for it, minor units, either sign. */
  insolvent?: Integer;
  /** What meets the need of insolvent accounts, minor units. */
  fund?: Integer;
  /** When each event was last seen; null or left out: never. */
  seen?: Readonly<Record<string, number | null>>;
  /** What is there and what is owed to depositors, minor units. */
  assets?: Integer;
  /** What is owed to depositors, minor units. */
  liabilities?: Integer;
}

/** Whether money may leave. */
export interface Gate {
  /** `open`, `blocked`, or the fraction that is paid, exactly, as text. */
  withdraw: string;
  /** When it opens by itself; null where it is open or waits for money. */
  until: number | null;
  /** `insolvency`, `haircut` and names of events; none: it is open. */
  why: string[];
}

/** Derive: while the maintenance margin of insolvent accounts exceeds the security module. */
export const DERIVE_GATE: GateRules = { insolvency: { operator: '>' } };

/** dYdX v4, times in blocks: 50 after an account with negative collateral or a halt of the chain was seen. */
export const DYDX_GATE: GateRules = { delays: { negativeCollateral: 50, chainOutage: 50 } };

const STATE = ['now', 'insolvent', 'fund', 'seen', 'assets', 'liabilities'] as const;

/**
 * Whether withdrawals may be made.
 * @param state - time, deficit, events, assets
 * @param rules - what blocks
 * @returns open, blocked or a fraction; until when, and why
 * @throws MarginError range, missing-key, type, inexact, unknown-key
 * @see derivexyz/v2-core src/liquidation/DutchAuction.sol; dydxprotocol/v4-chain protocol/x/subaccounts/keeper/subaccount.go
 * @example
 * withdrawalGate({ now: 30, seen: { negativeCollateral: 7 } }, DYDX_GATE)
 *   // { withdraw: 'blocked', until: 57, why: ['negativeCollateral'] }
 */
export function withdrawalGate(state: GateState, rules: GateRules): Gate {
  const row = argument(state, 'state', STATE);
  const rule = argument(rules, 'rules', ['insolvency', 'delays', 'haircut']);
  const now = timeAt(row, 'now');
  const short = rule.has('insolvency') && isShort(row, rule.row('insolvency', ['operator']));
  const waits = rule.has('delays') ? waitsOf(row, rule.row('delays'), now) : [];
  const rate = rule.has('haircut') && rule.flag('haircut') ? rateOf(row) : null;
  const why = [...(short ? ['insolvency'] : []), ...waits.map(({ event }) => event)];
  if (why.length === 0 && rate !== null) return { withdraw: rate, until: null, why: ['haircut'] };
  if (why.length === 0) return { withdraw: 'open', until: null, why };
  const last = waits.reduce((latest, { until }) => (until > latest ? until : latest), now);
  return { withdraw: 'blocked', until: short ? null : last, why };
}

function isShort(state: Row, rule: Row): boolean {
  const insolvent = state.integer('insolvent');
  const fund = { numerator: state.integer('fund'), denominator: 1n };
  const operator = operatorAt(rule);
  return insolvent > 0n && holds({ numerator: insolvent, denominator: 1n }, operator, fund);
}

/** Events whose time is not over, by name. */
function waitsOf(state: Row, delays: Row, now: number): { event: string; until: number }[] {
  const seen = state.has('seen') ? state.row('seen') : new Row({}, 'state.seen');
  const events = delays.entries().map(([event]) => event);
  return events.sort().flatMap((event) => {
    const delay = timeAt(delays, event);
    if (!seen.has(event)) return [];
    const at = timeOf(seen.raw(event), seen.at(event));
    if (at > now) throw new MarginError('range', { path: seen.at(event), got: at, expected: `at most ${now}, now` });
    return now - at < delay ? [{ event, until: at + delay }] : [];
  });
}

/** What is paid of each unit owed; null where all is. */
function rateOf(state: Row): string | null {
  const [assets, liabilities] = [amountAt(state, 'assets'), amountAt(state, 'liabilities')];
  if (assets >= liabilities) return null;
  return fractionText(over({ numerator: assets, denominator: 1n }, { numerator: liabilities, denominator: 1n }));
}
