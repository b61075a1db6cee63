// Options: Black-76 of many options over scenarios inside kernel memory, and prices, Greeks and implied vols of columns through the
// API, beside C, typed arrays with Hart's distribution, and npm packages where they are installed. Rounds as in scans.ts.
import { impliedVolsInto, optionGreeksInto, optionPricesInto } from '../bindings/options.js';
import { riskIn } from '../bindings/risk-module.js';
import { Random } from '../tests/random-book.js';
import * as typed from './baselines/black.js';
import { type OptionPeer, optionPeers } from './baselines/peers.js';
import { NativeOptions, type ScenarioInputs } from './native/options.js';
import { type Group, median, type Options, progress, type Rival, type Row, ratio, timed } from './report.js';

const WARM_UP = 3;
const SCENARIOS = 1024;
const OPTIONS = 64;
/** Options that peers price over all scenarios in a round. */
const FEW = 4;
/** Rows of columns: a run ends before another process gets its turn. */
const ROWS = 20_000;
const PEER_ROWS = 2_000;
const FORWARD = 60_000;
/** What a baseline's price may be off, as a part of the forward; Hart's distribution is good to 1e-15, plain logarithms to less. */
const TOLERANCE = 1e-12;

/** Of how many rows, and ns a row by round. */
class Timing {
  readonly each: number[] = [];
  constructor(
    readonly label: string,
    readonly rows: number,
  ) {}

  add(ms: number): void {
    this.each.push((ms * 1e6) / this.rows);
  }
  row(name: string, ratios: Row['ratios'] = {}): Row {
    return { name, median: 1e3 / median(this.each), unit: 'M/s', ratios };
  }
}

interface Baseline {
  timing: Timing;
  /** Does its rows once. @returns ms */
  run(): Promise<number> | number;
  rival?: Rival;
}

/** The kernel and every baseline in turn, round by round. */
async function measure(name: string, rounds: number, kernel: Baseline, baselines: Baseline[]): Promise<Row[]> {
  const all = [kernel, ...baselines];
  for (let round = -WARM_UP; round < rounds; round++) {
    if (round === 0) for (const { timing } of all) timing.each.length = 0;
    for (const { timing, run } of all) timing.add(await run());
  }
  const ratios: Row['ratios'] = {};
  for (const { timing, rival } of baselines) {
    if (!rival) continue;
    const times = ratio(timing.each, kernel.timing.each);
    // Of several peers the fastest.
    ratios[rival] = Math.min(times, ratios[rival] ?? Infinity);
  }
  return [kernel.timing.row(name, ratios), ...baselines.map(({ timing }) => timing.row(`${name}: ${timing.label}`))];
}

/** @throws where a baseline does not give the kernel's answers: its time would mean nothing */
function agree(
  name: string,
  got: Float64Array,
  want: Float64Array,
  tolerance: number,
  size: (i: number) => number,
): void {
  let worst = 0;
  for (let i = 0; i < got.length; i++) {
    const off = Math.abs(got[i]! - want[i]!) / size(i);
    if (!(off <= tolerance)) throw new Error(`${name} disagrees: ${got[i]} in row ${i}, kernel ${want[i]}`);
    worst = Math.max(worst, off);
  }
  progress(`  ${name}: as the kernel within ${worst.toExponential(0)}`);
}

function scenarioInputs(): ScenarioInputs {
  const random = new Random(76);
  // Of 12 uniform numbers: near enough to normal.
  const normal = (): number => Array.from({ length: 12 }, () => random.next()).reduce((a, b) => a + b) - 6;
  return {
    rootTime: Math.sqrt(30 / 365),
    forwards: Float64Array.from({ length: SCENARIOS }, () => FORWARD * Math.exp(0.1 * normal())),
    vols: Float64Array.from({ length: SCENARIOS }, () => 0.6 * Math.exp(0.2 * normal())),
    strikes: Float64Array.from({ length: OPTIONS }, (_, i) => FORWARD * (0.5 + i / OPTIONS)),
    types: Float64Array.from({ length: OPTIONS }, (_, i) => (i & 1 ? 1 : -1)),
  };
}

/** Everything in kernel memory, as risk arrays are. */
function kernelScenarios({ rootTime, forwards, vols, strikes, types }: ScenarioInputs) {
  const memory = new WebAssembly.Memory({
    initial: 2 + Math.ceil((SCENARIOS * (OPTIONS + 4) * 8) / 65536),
    maximum: 65536,
  });
  const kernel = riskIn(memory);
  const column = SCENARIOS * 8;
  const at = Math.ceil(kernel.heapBase() / 64) * 64;
  const [logs, volsAt, into] = [at + column, at + 3 * column, at + 4 * column];
  new Float64Array(memory.buffer, at, SCENARIOS).set(forwards);
  new Float64Array(memory.buffer, volsAt, SCENARIOS).set(vols);
  const run = (): void => {
    kernel.scenarioLogs(SCENARIOS, at, logs);
    for (let i = 0; i < OPTIONS; i++) {
      const call = types[i]! > 0 ? 1 : 0;
      kernel.scenarioPrices(call, strikes[i]!, rootTime, SCENARIOS, at, logs, volsAt, into + i * column);
    }
  };
  return { run, prices: new Float64Array(memory.buffer, into, SCENARIOS * OPTIONS) };
}

function typedScenarios({ rootTime, forwards, vols, strikes, types }: ScenarioInputs) {
  const logs = new Float64Array(SCENARIOS);
  const prices = new Float64Array(SCENARIOS * OPTIONS);
  const into = Array.from({ length: OPTIONS }, (_, i) => prices.subarray(i * SCENARIOS, (i + 1) * SCENARIOS));
  const run = (): void => {
    for (let s = 0; s < SCENARIOS; s++) logs[s] = Math.log(forwards[s]!);
    for (let i = 0; i < OPTIONS; i++) {
      typed.scenarioPrices(types[i]! > 0, strikes[i]!, rootTime, forwards, logs, vols, into[i]!);
    }
  };
  return { run, prices };
}

function peerScenarios(peer: OptionPeer, { rootTime, forwards, vols, strikes, types }: ScenarioInputs) {
  const time = rootTime * rootTime;
  const prices = new Float64Array(SCENARIOS * FEW);
  const each = OPTIONS / FEW;
  const run = (): void => {
    for (let i = 0; i < FEW; i++) {
      const option = i * each;
      for (let s = 0; s < SCENARIOS; s++) {
        prices[i * SCENARIOS + s] = peer.price(types[option]! > 0, forwards[s]!, strikes[option]!, vols[s]!, time);
      }
    }
  };
  return { run, prices, each };
}

const SCENARIO_ROW = 'Black-76 over scenarios';

async function scenarioRows({ rounds }: Options): Promise<Row[]> {
  progress(`${SCENARIO_ROW}: ${OPTIONS} options x ${SCENARIOS} scenarios`);
  const inputs = scenarioInputs();
  const kernel = kernelScenarios(inputs);
  const js = typedScenarios(inputs);
  const native = NativeOptions.start(inputs);
  if (!native) progress('  no C compiler (cc): going on without the C baseline');
  kernel.run();
  js.run();
  const size = (): number => FORWARD;
  agree('typed JavaScript', js.prices, kernel.prices, TOLERANCE, size);
  if (native) agree('C', await native.prices(), kernel.prices, TOLERANCE, size);
  const count = SCENARIOS * OPTIONS;
  const baselines: Baseline[] = [
    { timing: new Timing('typed JavaScript', count), run: () => timed(js.run), rival: 'typed' },
  ];
  if (native) baselines.unshift({ timing: new Timing('C', count), run: () => native.run(), rival: 'c' });
  for (const peer of await optionPeers()) {
    const its = peerScenarios(peer, inputs);
    its.run();
    const same = Float64Array.from(its.prices, (_, i) => {
      const option = Math.floor(i / SCENARIOS) * its.each;
      return kernel.prices[option * SCENARIOS + (i % SCENARIOS)]!;
    });
    agree(peer.name, its.prices, same, peer.tolerance.price, size);
    baselines.push({
      timing: new Timing(`${peer.name}, ${FEW} options`, SCENARIOS * FEW),
      run: () => timed(its.run),
      rival: 'peer',
    });
  }
  const rows = await measure(
    SCENARIO_ROW,
    rounds,
    { timing: new Timing('', count), run: () => timed(kernel.run) },
    baselines,
  );
  native?.stop();
  return rows;
}

/** Options of all ages within two deviations of the money, as books have them. */
function columns() {
  const random = new Random(1973);
  const time = Float64Array.from({ length: ROWS }, () => 10 ** random.between(-2.5, 0.3));
  const vol = Float64Array.from({ length: ROWS }, () => random.between(0.3, 1.2));
  return {
    type: Int8Array.from({ length: ROWS }, () => (random.chance(0.5) ? 1 : -1)),
    forward: Float64Array.from({ length: ROWS }, () => FORWARD * random.between(0.99, 1.01)),
    strike: time.map((t, i) => FORWARD * Math.exp(random.between(-2, 2) * vol[i]! * Math.sqrt(t))),
    vol,
    time,
    discount: 1,
  };
}

/** A call of a peer for the first rows. */
function peerRows(call: (i: number) => number): () => number {
  return () => {
    let sum = 0;
    for (let i = 0; i < PEER_ROWS; i++) sum += call(i);
    return sum;
  };
}

async function priceRows(name: string, { rounds }: Options): Promise<Row[]> {
  progress(`${name}: ${ROWS} options`);
  const options = columns();
  const status = new Uint8Array(ROWS);
  const [price, other] = [new Float64Array(ROWS), new Float64Array(ROWS)];
  optionPricesInto(options, { price, status });
  typed.prices(options, other);
  agree('typed JavaScript', other, price, TOLERANCE, () => FORWARD);
  const peers = (await optionPeers()).map((peer): Baseline => {
    const { type, forward, strike, vol, time } = options;
    const call = (i: number): number => peer.price(type[i]! > 0, forward[i]!, strike[i]!, vol[i]!, time[i]!);
    const some = Float64Array.from({ length: PEER_ROWS }, (_, i) => call(i));
    agree(peer.name, some, price, peer.tolerance.price, () => FORWARD);
    const timing = new Timing(`${peer.name}, ${PEER_ROWS} options`, PEER_ROWS);
    return { timing, run: () => timed(peerRows(call)), rival: 'peer' };
  });
  return measure(
    name,
    rounds,
    { timing: new Timing('', ROWS), run: () => timed(() => optionPricesInto(options, { price, status })) },
    [
      {
        timing: new Timing('typed JavaScript', ROWS),
        run: () => timed(() => typed.prices(options, other)),
        rival: 'typed',
      },
      ...peers,
    ],
  );
}

const GREEKS = ['price', 'delta', 'gamma', 'vega', 'theta', 'rho'] as const;
const room = () =>
  Object.fromEntries(GREEKS.map((greek) => [greek, new Float64Array(ROWS)])) as Record<
    (typeof GREEKS)[number],
    Float64Array
  >;

async function greekRows(name: string, { rounds }: Options): Promise<Row[]> {
  progress(`${name}: ${ROWS} options`);
  const options = columns();
  const into = { ...room(), status: new Uint8Array(ROWS) };
  const other = room();
  optionGreeksInto(options, into);
  typed.greeks(options, other);
  // Of prices to prices, of the rest to what they come to at the money.
  const sizes = { price: FORWARD, delta: 1, gamma: 1, vega: FORWARD, theta: FORWARD * 10, rho: FORWARD };
  for (const greek of GREEKS) agree(`typed JavaScript, ${greek}`, other[greek], into[greek], 1e-10, () => sizes[greek]);
  const { type, forward, strike, vol, time } = options;
  const peers = (await optionPeers()).flatMap((peer): Baseline[] => {
    const { greeks } = peer;
    if (!greeks) return [];
    const call = (i: number): number => greeks(type[i]! > 0, forward[i]!, strike[i]!, vol[i]!, time[i]!);
    const timing = new Timing(`${peer.name}, ${PEER_ROWS} options`, PEER_ROWS);
    return [{ timing, run: () => timed(peerRows(call)), rival: 'peer' }];
  });
  return measure(
    name,
    rounds,
    { timing: new Timing('', ROWS), run: () => timed(() => optionGreeksInto(options, into)) },
    [
      {
        timing: new Timing('typed JavaScript', ROWS),
        run: () => timed(() => typed.greeks(options, other)),
        rival: 'typed',
      },
      ...peers,
    ],
  );
}

async function volRows(name: string, { rounds }: Options): Promise<Row[]> {
  progress(`${name}: ${ROWS} options`);
  const { vol: known, ...terms } = columns();
  const status = new Uint8Array(ROWS);
  const [price, vol, other] = [new Float64Array(ROWS), new Float64Array(ROWS), new Float64Array(ROWS)];
  optionPricesInto({ ...terms, vol: known }, { price, status });
  impliedVolsInto({ ...terms, price }, { vol, status });
  agree('the kernel', vol, known, 1e-9, (i) => known[i]!);
  typed.impliedVols({ ...terms, vol: price }, other);
  agree('typed JavaScript', other, known, 1e-6, (i) => known[i]!);
  const { type, forward, strike, time } = terms;
  const peers = (await optionPeers()).map((peer): Baseline => {
    const call = (i: number): number => peer.vol(type[i]! > 0, forward[i]!, strike[i]!, price[i]!, time[i]!);
    const off = Float64Array.from({ length: PEER_ROWS }, (_, i) => Math.abs(call(i) / known[i]! - 1)).sort();
    const wrong = off.filter((x) => !(x < 1e-4)).length;
    progress(
      `  ${peer.name}: median error ${off[PEER_ROWS / 2]!.toExponential(0)}, ${wrong} of ${PEER_ROWS} off by 1e-4`,
    );
    const timing = new Timing(`${peer.name}, ${PEER_ROWS} options`, PEER_ROWS);
    return { timing, run: () => timed(peerRows(call)), rival: 'peer' };
  });
  return measure(
    name,
    rounds,
    { timing: new Timing('', ROWS), run: () => timed(() => impliedVolsInto({ ...terms, price }, { vol, status })) },
    [
      {
        timing: new Timing('typed JavaScript', ROWS),
        run: () => timed(() => typed.impliedVols({ ...terms, vol: price }, other)),
        rival: 'typed',
      },
      ...peers,
    ],
  );
}

const [PRICES, GREEK, VOLS] = ['option prices of columns', 'option Greeks of columns', 'implied vols of columns'];

export const options: Group[] = [
  { name: SCENARIO_ROW, targets: { typed: 1.5 }, least: 45, run: scenarioRows },
  { name: PRICES, run: (given) => priceRows(PRICES, given) },
  { name: GREEK, run: (given) => greekRows(GREEK, given) },
  { name: VOLS, run: (given) => volRows(VOLS, given) },
];
