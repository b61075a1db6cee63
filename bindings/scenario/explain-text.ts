// A scenario requirement as text that a trader can read: its parts as a tree, the scenario that decides, and what each leg adds.
import { money, percent, quantity } from '../amounts.js';
import type { Decimal } from '../book/types.js';
import type { PartExplanation, ScenarioExplanation, ScenarioLeg, TailScenario } from './explain.js';
import type { ModelJSON, ScenarioJSON } from './types.js';

/** A scenario by its number, for an underlying. */
type Words = (index: number, underlying: string | undefined) => string;

/** Scenarios of the list, and legs beyond which those that add least are left to the object. */
const MOST_SCENARIOS = 5;
const MOST_LEGS = 25;
/** Scenarios of a tail that are named. */
const MOST_TAIL = 3;

/** Share of the requirement below which a remainder is one of rounding. */
const ROUNDING = 1e-12;

/** A share in per cent, as many digits as it needs, two at most. */
const share = (x: number): string => `${quantity(Number((100 * x).toFixed(2)))} %`;
const signed = (x: number): string => `${x > 0 ? '+' : ''}${share(x)}`;

/** Number of a figure: its own, or that of a parameter of the underlying; NaN where it is not known which. */
function figure({ parameters = {} }: ModelJSON, value: Decimal | string, underlying: string | undefined): number {
  // Names may look like numbers.
  const rows = Object.keys(parameters);
  if (!rows.some((name) => Object.hasOwn(parameters[name] ?? {}, value))) return Number(value);
  const row = underlying ?? (rows.length === 1 ? rows[0] : undefined);
  if (row === undefined) return Number.NaN;
  return Number(parameters[row]?.[value] ?? parameters['*']?.[value] ?? Number.NaN);
}

/** What a row of the table moves. */
function movesOf(model: ModelJSON, row: ScenarioJSON, underlying: string | undefined): string {
  const { price = 0, range, volatility, days = 0, rate = 0, weight = 1 } = row;
  const spot = Number(price) * (range === undefined ? 1 : figure(model, range, underlying));
  const [passed, shift, weighs] = [Number(days), Number(rate), figure(model, weight, underlying)];
  const moved = Number.isNaN(spot)
    ? `${quantity(Number(Number(price).toFixed(4)))} x ${range}`
    : `${signed(spot)} spot`;
  const flat = Number(price) === 0;
  return [
    flat && volatility !== undefined ? 'spot flat' : flat ? 'nothing moves' : moved,
    ...(volatility === undefined ? [] : [`vol ${volatility.toLowerCase()}`]),
    ...(passed === 0 ? [] : [`${quantity(passed)} day${passed === 1 ? '' : 's'} later`]),
    ...(shift === 0 ? [] : [`rate ${signed(shift)}`]),
    ...(weighs === 1 ? [] : [`counts ${Number.isNaN(weighs) ? weight : share(weighs)}`]),
  ].join(', ');
}

/**
 * A scenario of a model in words: `-18 % spot, vol up`.
 * @param index - its number in the table as it was written
 * @param underlying - whose parameters count, where the table speaks of parameters
 * @example
 * console.log(scenarioText({ id: 'm', scenarios: [{ price: -0.18, volatility: 'up' }], requirement: { scan: 'scan' } }, 0)); // -18 % spot, vol up
 */
export function scenarioText(model: ModelJSON, index: number, underlying?: string): string {
  const row = model.scenarios?.[index];
  if (!row) return `scenario ${index}`;
  const moves = movesOf(model, row, underlying);
  return row.id === undefined || row.id === moves ? moves : `${row.id} (${moves})`;
}

const levels = (initial: number, maintenance: number): string =>
  initial === maintenance
    ? `${money(initial)} at both levels`
    : `initial ${money(initial)} | maintenance ${money(maintenance)}`;

const gainText = (gain: number): string => (gain < 0 ? `loses ${money(-gain)}` : `gains ${money(gain)}`);

function tailLines(tail: readonly TailScenario[], words: Words, underlying: string | undefined): string[] {
  if (tail.length === 0) return ['nothing is lost in any scenario'];
  const lines = tail.slice(0, MOST_TAIL).map(({ index, gain, weight, expiry, underlying: own = underlying }) => {
    const weighs = weight === 1 ? '' : `, ${expiry === undefined ? 'weighs' : 'counts'} ${percent(weight)}`;
    const whose = expiry === undefined ? '' : `${expiry}: `;
    return `${whose}${words(index, own)}: ${gainText(gain)}${weighs}`;
  });
  const more = tail[0]?.expiry === undefined ? 'scenarios of the tail' : 'expiries';
  return tail.length > MOST_TAIL ? [...lines, `and ${tail.length - MOST_TAIL} more ${more}`] : lines;
}

/** Why a scan asks for more than is lost in its scenario. */
function gainsLines({ gains = 1, amount, tail = [] }: PartExplanation): string[] {
  const lost = tail.reduce((sum, { gain, weight }) => sum - gain * weight, 0);
  if (gains === 1 || amount - lost <= ROUNDING * amount) return [];
  return [
    `an underlying's gains count ${gains === 0 ? 'nothing' : `only ${share(gains)}`} against losses of others: ${money(amount)}`,
  ];
}

function partLines(part: PartExplanation, words: Words, above?: string): string[] {
  const underlying = part.underlying ?? above;
  const of = part.underlying === undefined ? '' : ` of ${part.underlying}`;
  const counts = part.counts ? '' : ', not the largest: does not count';
  const below = [
    ...(part.tail ? tailLines(part.tail, words, underlying) : []),
    ...gainsLines(part),
    ...(part.parts ?? []).flatMap((child) => partLines(child, words, underlying)),
  ];
  return [`${part.name}${of}: ${levels(part.initial, part.maintenance)}${counts}`, ...below.map((line) => `  ${line}`)];
}

/** A sum without a name is what the first line says already. */
const rootLines = (root: PartExplanation, words: Words): string[] =>
  root.kind === 'sum' && root.name === 'sum' && root.parts
    ? root.parts.flatMap((part) => partLines(part, words))
    : partLines(root, words);

function legLine({ market, asset, size, value, delta, initial, maintenance }: ScenarioLeg): string {
  const held = market === undefined ? quantity(size) : `${size < 0 ? 'short' : 'long'} ${quantity(Math.abs(size))}`;
  const moves = delta === 0 ? '' : `, delta ${money(delta)}`;
  return `${market ?? asset}  ${held}, value ${money(value)}${moves}: ${levels(initial, maintenance)}`;
}

/** Legs that add or take most, first; cash that only pays is none of them. */
function legLines({ legs, remainder, total }: ScenarioExplanation): string[] {
  const told = legs.filter(({ market, delta, initial }) => market !== undefined || delta !== 0 || initial !== 0);
  const sorted = told.slice().sort((a, b) => Math.abs(b.initial) - Math.abs(a.initial));
  const more = sorted.length - MOST_LEGS;
  const nothing = ROUNDING * legs.reduce((sum, leg) => sum + Math.abs(leg.initial) + Math.abs(leg.maintenance), 0);
  return [
    ...sorted.slice(0, MOST_LEGS).map(legLine),
    ...(more > 0 ? [`and ${more} more, which add less`] : []),
    ...(Math.abs(remainder.initial) <= nothing && Math.abs(remainder.maintenance) <= nothing
      ? []
      : [`of no leg (dampeners, tiers, open orders): ${levels(remainder.initial, remainder.maintenance)}`]),
    `all: ${levels(total.initial, total.maintenance)}`,
  ];
}

/** The scenarios in which most is lost. */
function worstLines({ scenarios }: ScenarioExplanation, words: Words): string[] {
  const ranked = scenarios
    .map(({ gain }, index) => ({ gain, index }))
    .sort((a, b) => a.gain - b.gain || a.index - b.index);
  return ranked.slice(0, MOST_SCENARIOS).map(({ gain, index }) => `${words(index, undefined)}: ${gainText(gain)}`);
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`);

/**
 * A scenario requirement as lines of text: its parts, the scenario that decides each, what each leg adds (below 0: it hedges),
 * deltas, and the worst scenarios. Amounts are in the numeraire.
 * @param model - that the explanation speaks of, for what its scenarios move
 * @example
 * const explanation = explainScenarios(book, 'a1');
 * console.log(explainScenariosText(explanation, book.toJSON().models?.find(({ id }) => id === explanation.model.id)));
 */
export function explainScenariosText(explanation: ScenarioExplanation, model?: ModelJSON): string {
  const { model: about, requirement, scenarios, deltas, initialMargin, maintenanceMargin } = explanation;
  const only = deltas.length === 1 ? deltas[0]?.underlying : undefined;
  const words: Words = (index, underlying) =>
    model ? scenarioText(model, index, underlying ?? only) : `scenario ${scenarios[index]?.id ?? index}`;
  const asOf = about.asOf === undefined ? undefined : `as of ${about.asOf}`;
  const origin = [about.title, about.version, asOf].filter((fact) => fact !== undefined).join(', ');
  return [
    `Margined by the model ${about.id}${origin === '' ? '' : ` (${origin})`}: ${levels(initialMargin, maintenanceMargin)}`,
    '  Requirement',
    ...indented(rootLines(requirement, words)),
    '  What each leg adds, below 0 where it hedges',
    ...indented(legLines(explanation)),
    ...deltas.map(
      ({ underlying, spot, net, gross, hedged }) =>
        `  Delta of positions in ${underlying} at ${quantity(spot)}: net ${money(net)}, gross ${money(gross)}, hedged ${money(hedged)}`,
    ),
    ...(scenarios.length === 0 ? [] : ['  Worst scenarios', ...indented(worstLines(explanation, words))]),
  ].join('\n');
}
