// Liquidation prices for machines: one JSON object with stable keys, a position a line with both certificates. Numbers read back
// as the same double, and where there is no price there is null.
import type { Ranking } from './ranking.js';

const FORMAT = 'margin-kernel/liquidations@1';

/** The object, in pieces. @param done - told how many positions are written */
export function* liquidationsJSON(ranking: Ranking, done: (positions: number) => void = () => {}): Generator<string> {
  const { numeraire, time, level, account, size, counts, moves, liquidatable, ill, near } = ranking;
  const head = { format: FORMAT, numeraire, time, level, account, size, counts, moves, liquidatable };
  yield `${JSON.stringify(head).slice(0, -1)},\n"positions":[`;
  let written = 0;
  for (const rows of [ill, near]) {
    for (const i of rows) {
      yield `${written === 0 ? '\n' : ',\n'}${JSON.stringify(ranking.row(i))}`;
      done(++written);
    }
  }
  yield written === 0 ? ']}\n' : '\n]}\n';
}
