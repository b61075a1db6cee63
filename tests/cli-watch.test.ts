// `watch` as users of the command line meet it: crossings as they happen, journals, snapshots and replays, generated ticks, refusals.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BookJSON } from '../bindings/book/types.js';
import { Input } from '../bindings/cli/command.js';
import { syntheticVenue } from '../bindings/cli/demo/synthetic.js';
import { build } from '../bindings/cli/demo.js';
import { main } from '../bindings/cli/main.js';
import { closesSource } from '../bindings/cli/watch/closes-source.js';
import { Durations } from '../bindings/cli/watch/durations.js';
import { GAP, generated, KINDS } from '../bindings/cli/watch/generate.js';
import type { Source } from '../bindings/cli/watch/source.js';
import { Trail } from '../bindings/cli/watch/trail.js';
import { Book } from '../bindings/index.js';
import { linesOf } from '../bindings/watch/lines.js';
import { Rescans } from '../bindings/watch/rescan.js';
import { type EngineEvent, readJournal, Watch } from '../bindings/watch.js';
import type { Said } from './terminal.js';

/** As `npm run build` leaves it. */
const program = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);
const put = (name: string, value: unknown): string => {
  writeFileSync(file(name), typeof value === 'string' ? value : JSON.stringify(value));
  return file(name);
};

/** Runs one command line with something on stdin, in these pieces; nothing: a terminal. */
async function run(args: readonly string[], pieces?: readonly (string | Uint8Array)[], columns = 100): Promise<Said> {
  const said = { out: '', err: '' };
  const memory = (name: 'out' | 'err'): Writable =>
    new Writable({
      write(chunk, _, done) {
        said[name] += String(chunk);
        done();
      },
    });
  const stdin = pieces && { in: Readable.from(pieces.map((piece) => Buffer.from(piece))) };
  const terminal = { ...stdin, out: memory('out'), err: memory('err'), colour: false, columns };
  return { code: await main(['watch', ...args], terminal, '1.2.3'), ...said };
}
const json = async (args: readonly string[], pieces?: readonly (string | Uint8Array)[]) => {
  const { code, out } = await run([...args, '--json', '-q'], pieces);
  return { code, ...JSON.parse(out) };
};

const brackets = [{ upTo: null, maintenanceRate: 0.01, initialRate: 0.02 }];
const book: BookJSON = {
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USDT', price: 1 }],
  markets: [{ id: 'BTC-PERP', kind: 'linear', settle: 'USDT', mark: 60_000, brackets }],
  accounts: [
    { id: 'long', balances: { USDT: 1000 }, positions: [{ market: 'BTC-PERP', size: 0.5, entry: 60_000 }] },
    {
      id: 'short',
      balances: { USDT: 9000 },
      buckets: [{ bucket: 2, balances: { USDT: 900 }, positions: [{ market: 'BTC-PERP', size: -0.5, entry: 60_000 }] }],
    },
  ],
};
const mark = (price: number): string => `{"kind":"mark","market":"BTC-PERP","mark":${price}}\n`;
const deposit = '{"kind":"deposit","account":"long","asset":"USDT","amount":2000}\n';
const day = [mark(59_000), '\n', mark(58_400), mark(58_000), deposit, mark(61_600)].join('');

let small = '';
beforeAll(() => {
  small = put('book.json', book);
  writeFileSync(file('venue.mkb'), build(syntheticVenue(1), 300, 1).encode());
});

describe('watch', () => {
  it('says who crosses a line, a line each, and then the sums', async () => {
    const { code, out, err } = await run([small], [day]);
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain('2 accounts; 3 margin units, 1 market, values in USD\nevents from stdin\n');
    const rows = out.split('\n\n')[1]?.split('\n') ?? [];
    expect(rows.map((row) => row.trim().replace(/ {2,}/g, '|'))).toEqual([
      'event|account|by|collateral|maintenance',
      '2|liquidatable|long|BTC-PERP 58,400|200.00|292.00',
      '3|backstop|long|BTC-PERP 58,000|0.00|290.00',
      '4|recovered|long|deposit USDT 2,000|2,000.00|290.00',
      '5|backstop|short in 2|BTC-PERP 61,600|100.00|308.00',
    ]);
    expect(out).toContain(' liquidatable  2\n  backstop      2\n  recovered     1\n  call cleared  1\n');
    expect(out).toContain('  liquidatable  1  33.33 % of margin units\n  short in 2\n');
    expect(out).toMatch(/ events +5 {2}\S+ events\/s\n/);
    expect(out).toMatch(/ sequence +5\n {2}hash +[0-9a-f]{16}\n$/);
  });

  it('reads lines wherever they are cut, and without a newline at the end', async () => {
    const want = await json([small], [day]);
    const bytes = Buffer.from(day);
    for (const size of [1, 7, 64]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      expect((await json([small], pieces)).end).toEqual(want.end);
    }
    expect((await json([small], [day.trimEnd().replace(/\n/g, '\r\n')])).end).toEqual(want.end);
    expect(await json([small], [])).toMatchObject({ code: 0, events: { applied: 0, skipped: 0 }, crossings: [] });
  });

  it('has stable keys', async () => {
    const answer = await json([small], [day, day.split('\n')[0]?.replace('{', '{"sequence":1,') ?? '']);
    expect(Object.keys(answer)).toEqual(
      'code format numeraire time source size start end events totals proof times statistics wrote liquidatable listed crossings'.split(
        ' ',
      ),
    );
    expect(answer.format).toBe('margin-kernel/watch@1');
    expect(answer.events).toEqual({ applied: 5, skipped: 1, stopped: false });
    expect(answer.start).toEqual({ sequence: 0, liquidatable: 0 });
    expect(answer.liquidatable).toEqual([{ account: 'short', bucket: 2 }]);
    expect(Object.keys(answer.times.microseconds)).toEqual(['median', 'p90', 'p99', 'p999', 'worst']);
    expect(answer.crossings[0]).toMatchObject({
      sequence: 2,
      crossing: 'liquidatable',
      account: 'long',
      kind: 'mark',
      of: 'BTC-PERP',
      value: 58_400,
      day: null,
    });
    const own = answer.crossings.map(({ crossing }: { crossing: string }) => crossing);
    for (const [name, times] of Object.entries(answer.totals))
      expect(own.filter((each: string) => each === name)).toHaveLength(times as number);
  });

  it.each<[string, string, string[]]>([
    ['text', `${mark(59_000)}\nnot json\n`, ['syntax', 'stdin, line 3\n', 'jq -c .']],
    ['a list', `[${mark(1).trim()}]`, ['stdin, line 1\n', 'one event, an object']],
    [
      'a key',
      mark(59_000) + mark(58_900).replace('"mark":5', '"mrk":5'),
      ['stdin, line 2: mrk', 'Did you mean "mark"?'],
    ],
    ['a market', mark(59_000).replace('PERP', 'PRP'), ['stdin, line 1: market', 'Did you mean "BTC-PERP"?']],
    ['a kind', '{"kind":"marc"}', ['stdin, line 1: kind', 'Did you mean "mark"?']],
    ['a gap', `\n${mark(59_000).replace('{', '{"sequence":3,')}`, ['stdin, line 2: sequence', '1, the next event']],
    ['a key twice', mark(59_000).replace('{', '{"mark":1,'), ['duplicate', 'stdin, line 1']],
    ['a price', mark(-1), ['stdin, line 1: mark', 'range']],
    ['a book', JSON.stringify(book), ['stdin\n', 'this is a book']],
  ])('refuses %s on a line, by its number', async (_, lines, messages) => {
    const { code, err } = await run([small], [lines]);
    expect(code).toBe(2);
    for (const message of messages) expect(err).toContain(message);
    const { out } = await run([small, '--json'], [lines]);
    expect(JSON.parse(out).error.path).toMatch(/^stdin/);
  });

  it('keeps what came before a bad line: printed, recorded, counted', async () => {
    const { out, err } = await run(
      [small, '--record', file('bad.mkj')],
      [mark(58_400), '{"kind":"mark","market":"BTC-PERP"}\n'],
    );
    expect(out).toMatch(/1 {2}liquidatable {2}long /);
    expect(err).toContain('stdin, line 2: mark');
    expect(readJournal(readFileSync(file('bad.mkj')))).toMatchObject({ events: 1, damage: undefined });
  });

  it.each<[string, string[], string]>([
    ['kind', ['--generate', 'gaps'], 'Did you mean gap?'],
    ['two ways', ['--journal', 'a', '--replay', 'b'], '--journal and --replay'],
    ['hash', ['--expect', 'abc'], '16 hexadecimal digits'],
    ['ticks', ['--journal', 'a', '--ticks', '5'], '--ticks is of --generate'],
    ['closes', ['--generate', 'closes'], 'needs --closes'],
    ['days', ['--since', '2020-01-01'], 'needs --generate closes'],
    ['one file for two', ['--record', 'a', '--snapshot', 'a'], '--record and --snapshot are both a'],
    ['folder', ['--record', '/no/such/folder/a', '--accounts', '5'], 'cannot write'],
    ['model', ['--model', 'pm'], '--model needs a book'],
  ])('refuses options that make no sense: %s', async (_, args, message) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it.each([80, 120])('fits %d columns, whatever the ids', async (columns) => {
    const name = (id: string): string => `${id}-${'x'.repeat(60)}`;
    const markets = book.markets.map((market) => ({ ...market, id: name(market.id) }));
    const accounts = book.accounts.map((a) => ({
      ...a,
      id: name(a.id),
      buckets: [],
      positions: [{ market: name('BTC-PERP'), size: 0.5, entry: 60_000 }],
    }));
    const path = put('wide.json', { ...book, markets, accounts });
    const { out } = await run([path], [day.split('\n')[2]?.replace('BTC-PERP', name('BTC-PERP')) ?? ''], columns);
    const lines = out.split('\n\n')[1]?.split('\n') ?? [];
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines[1]).toMatch(/…\S* 58,400/);
    const venue = await run([file('venue.mkb'), '--generate', 'gap', '--ticks', '2000'], undefined, columns);
    for (const line of venue.out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('writes a page whose charts are named and whose ids are no markup', async () => {
    const accounts = book.accounts.map((a) => ({ ...a, id: a.id === 'long' ? '<b>&"x' : a.id }));
    const lines = day.replace('"long"', '"<b>&\\"x"');
    const { err } = await run([put('evil.json', { ...book, accounts }), '--html', file('page.html')], [lines]);
    expect(err).toBe(`wrote ${file('page.html')}\n`);
    const html = readFileSync(file('page.html'), 'utf8');
    expect(html).not.toMatch(/<script|<link|@import|url\(|src=|https?:\/\/(?!www\.w3\.org\/)/);
    expect(html).toContain('&lt;b&gt;&amp;&quot;x');
    const { document } = parseHTML(html);
    const charts = [...document.querySelectorAll('svg')];
    expect(charts).toHaveLength(6);
    for (const svg of charts)
      for (const id of (svg.getAttribute('aria-labelledby') ?? '').split(' '))
        expect(document.getElementById(id)?.textContent?.length).toBeGreaterThan(10);
    await run([small, '--html', file('none.html')], []);
    expect(readFileSync(file('none.html'), 'utf8')).toContain('</html>');
  });
});

describe('a recording', () => {
  const venue = (): string => file('venue.mkb');
  const files = (): string[] => [
    '--record',
    file('day.mkj'),
    '--snapshot-at-start',
    file('start.mks'),
    '--snapshot',
    file('end.mks'),
  ];
  let first: Awaited<ReturnType<typeof json>>;
  beforeAll(async () => {
    first = await json([venue(), '--generate', 'crash', '--ticks', '2000', ...files()]);
  });
  const replay = (...args: string[]): Promise<Awaited<ReturnType<typeof json>>> =>
    json(['--replay', file('day.mkj'), '--from', file('start.mks'), ...args]);

  it('comes to the same state and the same crossings when it is replayed', async () => {
    const again = await replay('--expect', first.end.hash);
    expect(again.code).toBe(0);
    expect(again.proof).toEqual({ expected: first.end.hash, checkpoints: 1, differs: null, idle: false, equal: true });
    expect([again.end, again.crossings, again.totals]).toEqual([first.end, first.crossings, first.totals]);
    expect(again.crossings.length).toBeGreaterThan(100);
    const others = [
      ['--replay', file('day.mkj'), venue()],
      ['--journal', file('day.mkj'), venue()],
    ];
    for (const args of others) expect((await json(args)).end).toEqual(first.end);
    expect((await json([venue()], [readFileSync(file('day.mkj'))])).end).toEqual(first.end);
    const late = await json(['--replay', file('day.mkj'), '--from', file('end.mks')]);
    expect([late.end, late.events]).toEqual([first.end, { applied: 0, skipped: 2001, stopped: false }]);
  });

  it('is told from another state', async () => {
    const wrong = await replay('--expect', '0123456789abcdef');
    expect([wrong.code, wrong.proof.equal]).toEqual([1, false]);
    const { err, code } = await run(['--replay', file('day.mkj'), small]);
    expect(code).toBe(2);
    expect(err).toContain('Give the state that it was recorded from');
    const journal = readJournal(readFileSync(file('day.mkj')));
    const text = [...journal].map((event) =>
      JSON.stringify(event.kind === 'checkpoint' ? { ...event, hash: '0'.repeat(16) } : event),
    );
    const { err: refused, code: two } = await run([venue()], [text.join('\n')]);
    expect(two).toBe(2);
    expect(refused).toContain('stdin, line 2001: hash');
    await run([venue(), '--record', file('more.mkj'), '-q'], [text.slice(0, 50).join('\n')]);
    const both = await run(['--replay', file('more.mkj'), venue()]);
    expect(both.code).toBe(0);
    expect(both.out).toContain('The state is the same: it has 1 checkpoint of the journal.');
  });

  it('that was cut is applied to its last whole event', async () => {
    const bytes = readFileSync(file('day.mkj'));
    writeFileSync(file('cut.mkj'), bytes.subarray(0, bytes.length - 40));
    const { code, out } = await run(['--replay', file('cut.mkj'), '--from', file('start.mks')]);
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toMatch(/The journal was cut at byte \d+: of event 2000 .* Applied up to there/);
    expect(out).toContain('sequence             1,999\n');
    writeFileSync(file('head.mkj'), bytes.subarray(0, 20));
    expect((await run(['--replay', file('head.mkj'), venue()])).err).toContain('truncated');
  });

  it('that is damaged is refused by the name of its event', async () => {
    const bytes = Uint8Array.from(readFileSync(file('day.mkj')));
    const at = 28 + 34 * 9 + 20;
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(file('corrupt.mkj'), bytes);
    for (const args of [
      ['--replay', file('corrupt.mkj'), venue()],
      ['--journal', file('corrupt.mkj'), venue()],
    ]) {
      const { code, out, err } = await run(args);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/event \d+ \((mark|price)\) at byte \d+ is corrupt/);
      const [, whole] = /head -c (\d+) /.exec(err) ?? [];
      expect(readJournal(bytes.subarray(0, Number(whole)))).toMatchObject({ damage: undefined });
    }
    const snapshot = Uint8Array.from(readFileSync(file('start.mks')));
    snapshot[100] = (snapshot[100] as number) ^ 1;
    writeFileSync(file('corrupt.mks'), snapshot);
    expect((await run(['--from', file('corrupt.mks')])).err).toContain(`snapshot ${file('corrupt.mks')}, checksum`);
    expect((await run(['--from', file('day.mkj')])).err).toContain('this is a journal');
    expect((await run(['--from', venue()])).err).toContain('this is a book');
  });

  it('that differs at a checkpoint is a finding of a replay', async () => {
    const { engine, chunks } = await recorded(venue());
    const bytes = Buffer.concat(chunks);
    writeFileSync(file('differs.mkj'), bytes);
    const answer = await json(['--replay', file('differs.mkj'), venue()]);
    expect(answer.code).toBe(1);
    expect(answer.proof.differs).toEqual({ sequence: 2, got: '0'.repeat(16), hash: engine });
    expect((await run(['--replay', file('differs.mkj'), venue()])).out).toContain('The state differs: before event 2');
  });
});

/** A journal with a checkpoint that is not that of its state; and the hash that the state has. */
async function recorded(path: string): Promise<{ engine: string; chunks: Uint8Array[] }> {
  const { Engine, encodeEvent } = await import('../bindings/watch.js');
  const engine = new Engine(Book.decode(readFileSync(path)));
  const chunks: Uint8Array[] = [];
  engine.record((bytes) => chunks.push(bytes.slice()));
  engine.apply({ kind: 'mark', market: 0, mark: 61_000 });
  chunks.push(encodeEvent({ kind: 'checkpoint', sequence: 2, hash: '0'.repeat(16) }));
  return { engine: engine.hash(), chunks };
}

function eventsOf(source: Source): EngineEvent[] {
  const events: EngineEvent[] = [];
  for (const batch of source.batches() as Iterable<Iterable<EngineEvent>>) events.push(...batch);
  return events;
}

describe('generated ticks', () => {
  const venue = (): Book => Book.decode(readFileSync(file('venue.mkb')));
  const kinds = KINDS.filter((kind) => kind !== 'closes');

  it.each(kinds)('are the same for the same seed, and find what a watch finds: %s', async (kind) => {
    const args = [file('venue.mkb'), '--generate', kind, '--ticks', '4000', '--all'];
    const [one, again, other] = [await json(args), await json(args), await json([...args, '--seed', '2'])];
    expect([again.end, again.crossings]).toEqual([one.end, one.crossings]);
    expect(other.end.hash).not.toBe(one.end.hash);
    expect(one.events.applied).toBe(4000);
    const book = venue();
    const watch = new Watch(book);
    const found: string[] = [];
    eventsOf(generated(book, { kind, ticks: 4000, seed: 1 })).forEach((event, i) => {
      const units =
        event.kind === 'mark'
          ? watch.tick(event.market, event.mark)
          : event.kind === 'price'
            ? watch.tick('price', event.asset, event.price)
            : watch.poll();
      for (const name of ['liquidatable', 'backstop', 'warning', 'recovered', 'cleared'] as const)
        for (const unit of units[name])
          found.push(`${i + 1} ${name} ${book.accountId(book.unitAccount(unit))} ${book.unitBucket(unit)}`);
    });
    const listed = one.crossings.map(
      (c: { sequence: number; crossing: string; account: string; bucket: number }) =>
        `${c.sequence} ${c.crossing} ${c.account} ${c.bucket}`,
    );
    expect(listed.sort()).toEqual(found.sort());
    expect(found.length).toBeGreaterThan(0);
  });

  it('fall by a gap in every price at once', () => {
    const book = venue();
    const before = book.store.columns.market.mark.slice();
    const events = eventsOf(generated(book, { kind: 'gap', ticks: 400, seed: 1 })).slice(200);
    const seen = new Set<string>();
    for (const event of events) {
      if (event.kind !== 'mark' || seen.has(String(event.market))) continue;
      seen.add(String(event.market));
      const share = Number(event.mark) / (before[book.market(event.market)] as number);
      // A prediction comes no nearer to its end than a thousandth.
      expect(Math.abs(share - (1 - GAP))).toBeLessThan(0.01);
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  it('move forwards of options, which follow by value', async () => {
    const path = fileURLToPath(new URL('../examples/node/options.json', import.meta.url));
    const answer = await json([path, '--generate', 'crash', '--ticks', '300', '--record', file('options.mkj')]);
    const kinds = new Set([...readJournal(readFileSync(file('options.mkj')))].map(({ kind }) => kind));
    expect([...kinds]).toContain('changeExpiry');
    expect(answer.events.applied).toBeGreaterThanOrEqual(300);
    const again = await json(['--replay', file('options.mkj'), path]);
    expect([again.code, again.end, again.crossings]).toEqual([0, answer.end, answer.crossings]);
  });

  it('are counted where they are not listed, and are all listed with --all', async () => {
    const args = [file('venue.mkb'), '--generate', 'crash', '--ticks', '3000', '-q'];
    const { out } = await run(args);
    expect(out).toContain('10 of each kind are listed, the others counted (+); --all lists them\n');
    const { totals } = await json(args);
    const sum = (word: string): number =>
      [...out.matchAll(new RegExp(`^ +[\\d,]+ {2}\\+ .*?(\\d+) ${word}`, 'gm'))].reduce(
        (all, [, n]) => all + Number(n),
        0,
      );
    expect(sum('recovered')).toBe(totals.recovered - 10);
    expect(sum('liquidatable')).toBe(totals.liquidatable - 10);
    expect((await run([...args, '--all'])).out).not.toContain('  + ');
  });

  it('are what a terminal gets', async () => {
    const { out } = await run(['--accounts', '50', '--ticks', '200', '-q']);
    expect(out).toContain("the demo's venue, seed 1: 50 accounts");
    expect(out).toContain('events from 200 diffusive ticks of a basis point, seed 1\n');
  });
});

describe('closes', () => {
  const table =
    'Date;BTC-USD;ETH-USD\n2020-03-10;8000;200\n2020-03-11;7900;\n2020-03-12;4900;110\n2020-03-13;5500;130\n';

  it('move prices day by day from where the book has them', async () => {
    const path = put('closes.csv', table);
    // The market has no base: its id names no coin.
    const nothing = await run([small, '--generate', 'closes', '--closes', path]);
    expect(nothing.code).toBe(2);
    expect(nothing.err).toContain('nothing that is held moves with these closes\n  They are of BTC, ETH');
    const named = put('named.json', { ...book, markets: book.markets.map((m) => ({ ...m, underlying: 'BTC' })) });
    const found = await json([named, '--generate', 'closes', '--closes', path]);
    expect(found.events.applied).toBe(3);
    expect(found.crossings.slice(0, 1)).toMatchObject([
      { sequence: 2, day: '2020-03-12', account: 'long', value: 36_750 },
    ]);
    const { out } = await run([named, '--generate', 'closes', '--closes', path, '--since', '2020-03-11']);
    expect(out).toMatch(/\n2020-03-12 {2}backstop +long +BTC-PERP /);
    const { err } = await run([named, '--generate', 'closes', '--closes', path, '--since', '2020-3-11']);
    expect(err).toContain('Did you mean 2020-03-11?');
  });

  const real = fileURLToPath(new URL('../../shared/data/crypto-daily-closes.csv', import.meta.url));
  it.skipIf(!existsSync(real))('of 2020 to 2023 liquidate whom rescans of the whole book find', async () => {
    writeFileSync(file('real.mkb'), build(syntheticVenue(3), 400, 3).encode());
    const answer = await json([file('real.mkb'), '--generate', 'closes', '--closes', real, '--all']);
    const book = Book.decode(readFileSync(file('real.mkb')));
    const rescans = new Rescans(book, linesOf({}, false));
    rescans.poll(() => {});
    const input = new Input([], new Map([['closes', real]]));
    const want: string[] = [];
    eventsOf(closesSource(book, input, 1e9)).forEach((event, i) => {
      if (event.kind === 'mark') book.setMark(event.market, event.mark);
      else if (event.kind === 'price') book.setPrice(event.asset, event.price);
      rescans.moved();
      rescans.poll((unit, from, to) => {
        if (from < 2 && to >= 2)
          want.push(`${i + 1} ${book.accountId(book.unitAccount(unit))} ${book.unitBucket(unit)}`);
      });
    });
    const got = answer.crossings.filter(({ crossing }: { crossing: string }) => crossing === 'liquidatable');
    expect(
      got
        .map((c: { sequence: number; account: string; bucket: number }) => `${c.sequence} ${c.account} ${c.bucket}`)
        .sort(),
    ).toEqual(want.sort());
    expect(answer.events.applied).toBeGreaterThan(20_000);
    expect(want.length).toBeGreaterThan(200);
  });
});

describe.skipIf(process.platform === 'win32' || !existsSync(program))('the program', () => {
  const shell = (command: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync('sh', ['-c', command], {
      encoding: 'utf8',
      env: { ...process.env, NODE: process.execPath, CLI: program },
    });

  it('outlives a reader that leaves early, and keeps what it has recorded', () => {
    const args = `--generate crash --ticks 4000 --all --record '${file('early.mkj')}'`;
    const { status, stdout, stderr } = shell(`"$NODE" "$CLI" watch '${file('venue.mkb')}' ${args} | head -n 3 | wc -l`);
    expect([status, stdout.trim(), stderr]).toEqual([0, '3', '']);
    expect(readJournal(readFileSync(file('early.mkj'))).damage).toBeUndefined();
  });

  it('reads what is piped in', () => {
    put('day.jsonl', day);
    const { stdout, status } = shell(`cat '${file('day.jsonl')}' | "$NODE" "$CLI" watch '${small}' --json`);
    expect([status, JSON.parse(stdout).events.applied]).toEqual([1, 5]);
  });
});

describe('a recording', () => {
  it('is never written over, and a replay of nothing proves nothing', async () => {
    const args = [small, '--generate', 'crash', '--ticks', '5'];
    const first = [...args, '--record', file('kept.mkj'), '--snapshot', file('kept.mks'), '-q'];
    expect((await run([...first])).code).toBeLessThan(2);
    const bytes = readFileSync(file('kept.mkj'));
    const again = await run([...first]);
    expect(again.code).toBe(2);
    expect(again.err).toContain('is there already, and a journal is never written over');
    expect(readFileSync(file('kept.mkj')).equals(bytes)).toBe(true);
    await run([small, '--generate', 'crash', '--ticks', '50', '--seed', '2', '--snapshot', file('other.mks'), '-q']);
    const idle = await run(['--replay', file('kept.mkj'), '--from', file('other.mks'), '-q']);
    expect(idle.code).toBe(1);
    expect(idle.out).toContain('Nothing was replayed and nothing is proven');
  });
});

describe('what a watch measures', () => {
  it('has percentiles that are right to a percent', () => {
    const times = new Durations();
    expect(times.percentiles).toBeNull();
    for (let i = 1; i <= 10_000; i++) times.add(i / 1000);
    const { median, p90, p99, p999, worst } = times.percentiles ?? { median: 0, p90: 0, p99: 0, p999: 0, worst: 0 };
    for (const [got, want] of [
      [median, 5000],
      [p90, 9000],
      [p99, 9900],
      [p999, 9990],
    ] as const)
      expect(Math.abs(got / want - 1)).toBeLessThan(0.01);
    expect(worst).toBe(10_000);
    expect(times.histogram(4).reduce((sum, { events }) => sum + events, 0)).toBe(10_000);
  });

  it('keeps a bounded trail of a stream of any length', () => {
    const trail = new Trail();
    const last = 300_000;
    for (let i = 1; i <= last; i++)
      trail.add(i, { kind: 'mark', of: i % 3 ? 'A' : 'B', value: i }, i % 1000 === 0 ? 2 : 0);
    expect(trail.most?.of).toBe('A');
    expect(trail.most?.path.length).toBeLessThanOrEqual(2049);
    expect(trail.most?.path.at(-1)).toEqual({ sequence: 299_999, price: 299_999 });
    const falls = trail.falls(last, 100);
    expect(falls.length).toBeLessThanOrEqual(101);
    expect(falls.reduce((sum, { units }) => sum + units, 0)).toBe(600);
    expect(trail.causes.reduce((sum, [, units]) => sum + units, 0)).toBe(600);
  });
});
