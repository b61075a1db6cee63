// A watch for machines: one JSON object with stable keys. Times are microseconds by the host's clock; nothing else depends on it.
import type { Watched } from './watched.js';

const FORMAT = 'margin-kernel/watch@1';
/** Units that are liquidatable at the end and named, without --all. */
export const MOST_JSON = 1000;

/** The object, in pieces. */
export function* watchJSON(watched: Watched): Generator<string> {
  const { book, source, start, end, applied, skipped, totals, notices, times, statistics, proof, most } = watched;
  const names = end.liquidatable.slice(0, most).map(({ account, bucket }) => ({ account, bucket }));
  const { pops, margined, rescans, waiting, bytes } = statistics;
  const head = {
    format: FORMAT,
    numeraire: book.numeraire,
    time: book.time ?? null,
    source: { kind: source.kind, name: source.name, notes: source.notes },
    size: { accounts: book.accounts, units: book.units, markets: book.markets, assets: book.assets },
    start,
    end: { sequence: end.sequence, hash: end.hash, liquidatable: end.liquidatable.length, held: end.held.length },
    events: { applied, skipped, stopped: watched.stopped },
    totals,
    proof: proof && {
      expected: proof.expected,
      checkpoints: proof.checkpoints,
      differs: proof.differs,
      idle: proof.idle,
      equal: proof.equal,
    },
    times: {
      events: times.events,
      seconds: times.seconds,
      perSecond: times.seconds > 0 ? times.events / times.seconds : null,
      microseconds: times.percentiles,
      run: watched.seconds,
    },
    statistics: { crossed: pops, margined, rescans, waiting, bytes },
    wrote: watched.wrote.map(([what, path, size]) => ({ what, path, bytes: size })),
    liquidatable: names,
    listed: notices.length,
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"crossings":[`;
  let first = true;
  for (const { sequence, day, crossing, account, bucket, cause, collateral, maintenanceMargin } of notices) {
    const row = { sequence, day, crossing, account, bucket, ...cause, collateral, maintenanceMargin };
    yield `${first ? '\n' : ',\n'}${JSON.stringify(row)}`;
    first = false;
  }
  yield first ? ']}\n' : '\n]}\n';
}
