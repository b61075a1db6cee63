// Parameters by underlying of a preset: what is published, and over it what the caller says.
import { MarginError } from '../../errors.js';

/** Rows by underlying; `*` is for all that are not named. */
export type ByUnderlying<Row> = Record<string, Row>;

/**
 * Published rows under the caller's: of an underlying that both name, the caller's figures replace the published ones; one that only the
 * caller names has the figures of `*` beside them.
 */
export function withOwn<Row extends object>(
  published: ByUnderlying<Row>,
  own: ByUnderlying<Partial<Row>> = {},
): ByUnderlying<Row> {
  const others = { ...published['*'], ...own['*'] } as Row;
  const names = [...new Set([...Object.keys(published), ...Object.keys(own), '*'])];
  return Object.fromEntries(
    names.map((name) => [name, { ...(published[name] ?? others), ...own[name] } as Row] as const),
  );
}

/** Rows in which every underlying has to say every figure. @throws MarginError missing-key, with what is not published */
export function complete<Row extends object>(
  rows: ByUnderlying<Partial<Row>>,
  keys: readonly (keyof Row & string)[],
  path: string,
): ByUnderlying<Row> {
  for (const [name, row] of Object.entries(rows)) {
    const key = keys.find((figure) => row[figure] === undefined);
    if (key === undefined) continue;
    throw new MarginError('missing-key', {
      path: `${path}.${name}.${key}`,
      expected: 'a figure: the venue publishes none that is known here',
      hint: 'What holds for all underlyings may stand under "*"',
    });
  }
  return rows as ByUnderlying<Row>;
}

/** Parameters by underlying, made of rows. */
export function parametersOf<Row>(
  rows: ByUnderlying<Row>,
  of: (row: Row) => Record<string, number>,
): Record<string, Record<string, number>> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, of(row)]));
}
