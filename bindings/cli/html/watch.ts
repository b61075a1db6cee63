// A watch as one page that needs nothing but itself: the price by which most units became liquidatable, who became so over the events,
// how long events took, and the crossings that are listed as a table.
import { count, many, money, short } from '../format.js';
import { causeText, unitText, WORDS, wordOf } from '../watch/lines-text.js';
import { CROSSINGS, type Notice } from '../watch/notice.js';
import { micros, proofText } from '../watch/text.js';
import type { Watched } from '../watch/watched.js';
import { badgeOf, card, head, markup, TAIL, tableOf, tile } from './parts.js';
import { causeBars, fallBars, priceLine, timeBars } from './watch-charts.js';

/** Rows of the table: more are for --json. */
const MOST_ROWS = 200;

/** Colour classes of crossings; others have none. */
const CSS: Partial<Record<Notice['crossing'], string>> = {
  liquidatable: 'liquidatable',
  backstop: 'bankrupt',
  warning: 'warning',
  held: 'warning',
  recovered: 'healthy',
  released: 'healthy',
  cleared: 'healthy',
};

function tiles({ applied, totals, end, times, book }: Watched): string {
  const p = times.percentiles;
  return `<div class="tiles">
${tile('Events', count(applied), times.seconds > 0 ? `${short(times.events / times.seconds)} a second` : '')}
${tile('Became liquidatable', count(totals.liquidatable), `${count(totals.backstop)} times below the backstop`)}
${tile('Margin calls', count(totals.warning), `${count(totals.cleared)} cleared`)}
${tile('Recovered', count(totals.recovered), 'above maintenance again')}
${tile('Liquidatable at the end', count(end.liquidatable.length), `of ${many(book.units, 'margin unit')}`, end.liquidatable.length > 0)}
${p ? tile('Median of an event', micros(p.median), `99 %: ${micros(p.p99)}, worst ${micros(p.worst)}`) : ''}
</div>`;
}

function noticesCard({ notices, totals }: Watched): string {
  const shown = notices.filter(({ twin }) => !twin).slice(0, MOST_ROWS);
  if (shown.length === 0) return '';
  const dated = shown.some(({ day }) => day !== null);
  const rows = shown.map((notice) => [
    ...[dated ? (notice.day ?? '') : count(notice.sequence)],
    badgeOf(CSS[notice.backstop ? 'backstop' : notice.crossing] ?? 'healthy', wordOf(notice)),
    markup(unitText(notice.account, notice.bucket)),
    markup(causeText(notice.cause)),
    money(notice.collateral),
    money(notice.maintenanceMargin),
  ]);
  const titles = [dated ? 'Day' : 'Event', 'What', 'Account', 'By', 'Collateral', 'Maintenance'];
  const all = CROSSINGS.reduce((sum, name) => sum + totals[name], 0);
  const few =
    shown.length < all
      ? ` The first ${count(shown.length)} of ${count(all)}, at most as many of each kind as were listed.`
      : '';
  return `<section class="card" aria-labelledby="notices"><h2 id="notices">Crossings</h2>
<p class="soft">Margin units that crossed a line, in the order of events; amounts as they stood behind the event.${few}</p>
${tableOf('Crossings', titles, 4, rows)}</section>
`;
}

function stateCard({ end, proof, totals }: Watched): string {
  const crossed = CROSSINGS.filter((name) => totals[name] > 0).map((name) => [WORDS[name], count(totals[name])]);
  const rows = [['sequence', count(end.sequence)], ['hash', `<code>${end.hash}</code>`], ...crossed];
  const said = proof ? `<p class="soft">${markup(proofText(proof, end.hash))}</p>` : '';
  return `<section class="card" aria-labelledby="state"><h2 id="state">State at the end, and all crossings</h2>
${said}${tableOf('State', ['', ''], 1, rows)}</section>
`;
}

/** The page, in pieces. */
export function* watchPage(watched: Watched): Generator<string> {
  const { title, book, source, times, trail, end, seconds } = watched;
  yield head(`Watch: ${title}`, [source.name, many(book.accounts, 'account'), `values in ${book.numeraire}`]);
  yield `${tiles(watched)}\n`;
  const span = trail ? { first: watched.start.sequence + 1, last: end.sequence } : null;
  if (trail && span) {
    yield card(priceLine(trail, span));
    yield card(fallBars(trail, span));
    yield card(causeBars(trail));
  }
  yield card(timeBars(times));
  yield noticesCard(watched);
  yield stateCard(watched);
  const notes = source.notes.map((note) => `<p>${markup(note)}</p>`).join('\n');
  yield `<footer>${notes}<p>${markup(`${many(watched.applied, 'event')} in ${seconds.toFixed(1)} s by margin-kernel.`)}</p></footer>`;
  yield TAIL;
}
